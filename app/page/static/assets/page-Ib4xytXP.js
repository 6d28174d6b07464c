import{a as e,c as t,d as n,f as r,i,l as a,n as o,o as s,r as c,s as l,t as u,u as d}from"./footnote-ask-DwgDpdLs.js";var f=class extends i{static{this.properties={...i.properties,loaded:{state:!0},trouble:{state:!0}}}constructor(){super(),this.loaded=null,this.trouble=``}connectedCallback(){super.connectedCallback(),this.reload()}render(){return n`<div class="view">
      <h1>${this.heading}</h1>
      ${this.trouble?n`<div class="note" role="status"><p>${this.trouble}</p></div>`:d}
      ${this.loaded?this.content(this.loaded):this.trouble?d:n`<p class="waiting"><span></span>Loading</p>`}
    </div>`}async reload(){await this.tryTo(async()=>{this.loaded=await this.load()})}async tryTo(e){try{this.trouble=``,await e()}catch(e){this.trouble=s(e).detail}}};function p(e){return new Date(e).toLocaleString(void 0,{dateStyle:`medium`,timeStyle:`short`})}function m(e,t){return`${e} ${t}${e===1?``:`s`}`}var h=400,g=`urn:footnote:problem:deletions`,_=class extends f{static{this.properties={...f.properties,running:{state:!0},generations:{state:!0},note:{state:!0},changes:{state:!0}}}constructor(){super(),this.heading=`Docs`,this.ingest=(e,t=!1)=>this.tryTo(async()=>{let{session:n}=this.app;for(this.running=await n.service.startIngest(e,t);this.running.state===`running`&&this.isConnected;)await new Promise(e=>setTimeout(e,h)),this.running=await n.service.ingest(this.running.id);let r=Number(this.running.report?.generation??0);await this.until(r)}),this.compare=()=>this.tryTo(async()=>{this.changes=await this.app.session.service.changes()}),this.list=()=>this.tryTo(async()=>{this.generations=await this.app.session.service.generations()}),this.rollBack=e=>this.tryTo(async()=>{await this.app.session.service.rollBack(e),await this.until(e),this.note=`Generation ${e} is live.`,await this.list()}),this.running=this.generations=this.changes=null,this.note=``}load(){return this.app.session.service.index()}content(e){let t=Object.entries(e.languages).map(([e,t])=>`${e} ${t}`);return n`<dl class="facts">
        <dt>Generation</dt><dd>${e.generation}, built ${p(e.created_at)}</dd>
        <dt>Pages</dt><dd>${m(e.files,`page`)}, ${m(e.chunks,`passage`)}</dd>
        <dt>Languages</dt><dd>${t.join(`, `)}</dd>
        <dt>Folder</dt><dd><span class="path" dir="ltr">${e.docs_dir}</span>, read as ${e.flavour}</dd>
        <dt>Answers</dt><dd>${e.llm}</dd>
      </dl>
      <section><h2>Left out</h2>${e.skipped.length?n`<div class="wide" tabindex="0" role="group" aria-label="Left out"><table>
            <thead><tr><th scope="col">What</th><th scope="col">Lost</th><th scope="col">Why</th></tr></thead>
            <tbody>${e.skipped.map(e=>n`<tr>
              <td class="path">${e.path}</td><td>${e.lost}</td><td>${e.reason}: ${e.detail}</td></tr>`)}
            </tbody></table></div>`:n`<p class="small">Nothing: every page was read whole.</p>`}</section>
      <section><h2>Update</h2>${this.updating(e)}</section>`}updating(e){if(!this.app.session.state.overview?.can_ingest)return n`<p class="small">Ingest with <code>footnote ingest</code>. To do it here, set an admin key:
        <code>FOOTNOTE_ADMIN_KEY</code>.</p>`;let{running:t}=this;return n`<div class="row-wrap">
        <button class="button" ?disabled=${t?.state===`running`} @click=${()=>this.ingest(!1)}>Ingest now</button>
        <button class="button quiet" ?disabled=${t?.state===`running`} @click=${()=>this.ingest(!0)}>Rebuild all</button>
        <button class="button quiet" @click=${this.compare}>What changed?</button>
        <button class="button quiet" @click=${this.list}>Generations</button>
      </div>
      ${t?this.progress(t):d}
      ${this.changes?this.differences(this.changes):d}
      ${this.note?n`<p class="note" role="status">${this.note}</p>`:d}
      ${this.generations?n`<ul class="list">${this.generations.map(t=>n`<li>
            ${t.generation}: ${p(t.created_at)}, ${m(t.files,`page`)}
            ${t.generation===e.generation?n`<strong>live</strong>`:n`<button class="link" @click=${()=>this.rollBack(t.generation)}>Make live</button>`}
          </li>`)}</ul>`:d}`}differences({before:e,changes:t,docs_changes:r,docs_problem:i}){return n`<div role="status">
      <p><strong>In the folder since:</strong> ${r?v(r):d} ${i}</p>
      ${e!==null&&t?n`<p><strong>Since generation ${e}:</strong> ${v(t)}</p>`:d}</div>`}progress(e){let{state:t,stage:r,done:i,total:a,report:o,problem:s}=e;return t===`failed`?n`<p class="note bad" role="alert">${s?.detail}
        ${s?.type===g?n`<button class="button quiet" @click=${()=>this.ingest(!1,!0)}>Remove them</button>`:d}</p>`:t===`done`?n`<p class="note" role="status">${o?.published?`Generation ${o.generation} is live.`:`Nothing had changed.`}</p>`:n`<label class="small">${r?`${r}: ${i} of ${a}`:`Starting`}
      <progress max=${a||1} value=${i}></progress></label>`}async until(e){for(let t=0;t<20&&(this.loaded=await this.load(),e&&this.loaded.generation!==e);t++)await new Promise(e=>setTimeout(e,h));await this.app.session.open()}};function v(e){let t=[`added`,`changed`,`deleted`].filter(t=>e[t].length);return t.length?n`<ul class="list">${t.map(t=>e[t].map(e=>n`<li>
    ${t} <span class="path" dir="ltr">${e}</span></li>`))}</ul>`:`nothing`}e(`footnote-docs`,_),e(`footnote-evaluation`,class extends f{constructor(...e){super(...e),this.heading=`Evaluation`}async load(){try{return await this.app.session.service.evaluation()}catch(e){if(s(e).status===404)return`none`;throw e}}content(e){return e===`none`?n`<p>Nothing was measured on these docs yet. <code>footnote eval</code> does it, with questions of yours.</p>`:n`<p>${p(e.created_at)}, ${e.mode}. ${e.summary}.</p>
      <div class="wide" tabindex="0" role="group" aria-label="Metrics"><table>
        <thead><tr><th scope="col">Metric</th><th scope="col" class="n">Mean</th><th scope="col" class="n">95 % interval</th>
          <th scope="col" class="n">Questions</th></tr></thead>
        <tbody>${e.metrics.map(e=>n`<tr>
          <td>${e.metric}${e.about?n` <span class="small">${e.about}</span>`:d}</td>
          <td class="n">${e.value.toFixed(3)}</td>
          <td class="n">${e.low.toFixed(3)} to ${e.high.toFixed(3)}</td><td class="n">${e.questions}</td></tr>`)}
        </tbody></table></div>
      <section><h2>Missed (${e.missed})</h2>
        <ul class="list">${e.misses.map(e=>n`<li dir="auto">${e.question}
          <span class="small">${e.why}${e.expected.length?n`; expected <span class="path">${e.expected.join(`, `)}</span>`:d}</span></li>`)}</ul>
      </section>`}});var y=class extends f{static{this.properties={...f.properties,note:{state:!0}}}constructor(){super(),this.heading=`Gaps`,this.copy=e=>this.tryTo(async()=>c(await this.app.session.service.gapAsIssue(e.question))),this.resolve=e=>this.tryTo(async()=>{let{answered:t,unanswered:n,not_judged:r}=await this.app.session.service.resolveGap(e.question);await this.reload(),this.note=[t.length?`${m(t.length,`question`)} answered now.`:``,n.length?`${m(n.length,`question`)} still not answered.`:``,r.length?`${m(r.length,`question`)} cannot be judged by asking again, since an answer did not help: dismiss what is settled.`:``].join(` `)}),this.dismiss=e=>this.tryTo(async()=>{await this.app.session.service.dismissGap(e.question),await this.reload(),this.note=`Dismissed: ${e.question}`}),this.note=``}load(){return this.app.session.service.gaps()}content(e){let t=n`<p class=${this.note?`note`:`unseen`} role="status">${this.note}</p>`;return e.gaps.length?n`${t}<p>${m(e.questions,`question`)}, asked ${m(e.count,`time`)}, that the docs did not
        answer, in groups of one meaning.</p>
      ${e.gaps.map(e=>this.gap(e))}
      ${e.not_shown?n`<p class="small">${m(e.not_shown,`group`)} more.</p>`:d}`:n`${t}<p>Nothing was asked that the docs did not answer.</p>`}gap(e){return n`<section class="gap">
      <h2 dir="auto">${e.question}</h2>
      <p class="small">Asked ${m(e.count,`time`)} (${e.refused} refused, ${e.unhelpful} not helpful), last
        ${p(e.last_asked)}</p>
      ${e.examples.length?n`<p class="small" dir="auto">Also: ${e.examples.map(e=>e.question).join(` · `)}</p>`:d}
      ${e.remarks.map(e=>e.comment?n`<p dir="auto">“${e.comment}”</p>`:d)}
      ${e.nearest.length?n`<p class="small">Near: ${e.nearest.map((e,t)=>n`${t?`; `:``}<span class="path"
            dir="ltr">${e.path}</span>${e.heading_path.map(e=>` › ${e}`)}`)}</p>`:d}
      <div class="actions">
        <button class="button quiet" @click=${()=>this.ask(e)}>Ask again</button>
        <button class="button quiet" @click=${()=>this.copy(e)}>Copy as an issue</button>
        <button class="button quiet" title="Asks again, and leaves out what the docs answer by now"
          @click=${()=>this.resolve(e)}>Resolve</button>
        <button class="button quiet" title="Leaves it out until it is asked again"
          @click=${()=>this.dismiss(e)}>Dismiss</button>
      </div>
    </section>`}ask(e){this.app.session.begin(),this.app.session.ask(e.question),location.hash=`#/`}};e(`footnote-gaps`,y);var b=[`lexical`,`vector`,`fused`,`reranked`],x=class extends i{static{this.properties={...i.properties,turn:{attribute:!1},found:{state:!0},missing:{state:!0},trouble:{state:!0}}}constructor(){super(),this.explain=async e=>{e.preventDefault();let t=this.querySelector(`input`)?.value.trim()??``;try{this.trouble=``,this.missing=await this.app.session.service.whyNot(this.asked,t,this.turn.filters)}catch(e){this.missing=null,this.trouble=s(e).detail}},this.found=[],this.missing=null,this.trouble=``}connectedCallback(){super.connectedCallback();let{turn:e}=this;this.found=e.hits,this.found.length||this.app.session.service.search(this.asked,e.filters).then(({hits:e})=>this.found=e,e=>this.trouble=s(e).detail)}get asked(){return this.turn.answer?.asked_as??this.turn.question}render(){let{turn:e}=this,{answer:t}=e;return n`<div class="why">
      <dl class="facts">
        ${t?.asked_as?n`<dt>Read as</dt><dd dir="auto">${t.asked_as}</dd>`:d}
        ${t?.searched.queries.length?n`<dt>Also searched</dt><dd dir="auto">${t.searched.queries.join(` · `)}</dd>`:d}
        ${t?.answerability==null?d:n`<dt>Answerable</dt><dd>${Math.round(t.answerability*100)} %, by what was found</dd>`}
        <dt>Searched</dt><dd>${t?.searched.files} of ${t?.searched.total_files} pages, generation ${t?.generation}</dd>
        <dt>Written by</dt><dd>${t?.mode===`llm`?t.model:`nobody: quotes of the docs`}</dd>
      </dl>
      ${this.found.length?this.passages(this.found):d} ${this.times(e.stages)} ${this.whyNot()}
    </div>`}placed({collection:e}){return{generation:0,...this.turn.answer,collection:e}}passages(e){return n`<section><h3>Passages</h3>
      <div class="wide" tabindex="0" role="group" aria-label="Passages"><table>
        <thead><tr><th scope="col">Passage</th>${b.map(e=>n`<th scope="col" class="n">${e}</th>`)}</tr></thead>
        <tbody>${e.map(e=>n`<tr>
          <td><button class="link" @click=${n=>this.app.read(t(e.chunk,this.placed(e)),n.currentTarget)}
            >${a(e.chunk)}</button><br><span class="path" dir="ltr">${l({...e.chunk,collection:e.collection})}, ${o(e.chunk)}</span></td>
          ${b.map(t=>{let r=e[t];return n`<td class="n">${r?n`${r.rank}<br><span class="small">${r.score.toFixed(2)}</span>`:`–`}</td>`})}</tr>`)}
        </tbody></table></div>
      <p class="small">Rank and, below it, score: BM25, cosine, both together, the reranker's logit.</p>
      ${this.ranks(e)}
    </section>`}ranks(e){let t=Math.max(2,...e.flatMap(e=>b.map(t=>e[t]?.rank??1))),i=e=>14+Math.log(e)/Math.log(t)*92;return n`<svg class="ranks" viewBox="0 0 400 132" aria-hidden="true">
      ${b.map((e,t)=>r`<text x=${50+t*100} y="128" text-anchor="middle">${e}</text>`)}
      ${e.map(e=>{let t=b.flatMap((t,n)=>{let r=e[t]?.rank;return r?[{x:50+n*100,y:i(r),rank:r}]:[]});return r`<g><polyline points=${t.map(({x:e,y:t})=>`${e},${t}`).join(` `)}></polyline>
          ${t.map(({x:e,y:t,rank:n})=>r`<circle cx=${e} cy=${t} r="9"></circle><text x=${e} y=${t+4} text-anchor="middle">${n}</text>`)}</g>`})}
    </svg>`}times(e){if(!e.length)return d;let t=Math.max(...e.map(e=>e.ms),1);return n`<section><h3>Time</h3><table><tbody>${e.map(e=>n`<tr>
      <th scope="row">${e.name}</th><td class="n">${e.ms.toFixed(+(e.ms<10))} ms</td><td class="n">${e.count}</td>
      <td><svg class="bar" width=${Math.max(1,Math.round(e.ms/t*120))} height="8" aria-hidden="true"></svg></td>
    </tr>`)}</tbody></table></section>`}whyNot(){let{missing:e}=this;return n`<section><h3>Why not another page?</h3>
      <form class="inline-form" @submit=${this.explain}>
        <label>Its path, or PATH#HEADING <input name="page" required autocomplete="off" spellcheck="false"></label>
        <button class="button">Explain</button>
      </form>
      <div role="status">
        ${this.trouble?n`<p class="note bad">${this.trouble}</p>`:d}
        ${e?n`<p>${e.reason}</p>${e.fix?n`<p class="small">${e.fix}</p>`:d}
              ${e.suggestions.length?n`<p class="small">Meant perhaps: ${e.suggestions.join(`, `)}</p>`:d}
              <p class="small">${e.stages.map(({stage:e,best:t})=>`${e} ${t?.rank??`–`}`).join(` · `)}</p>`:d}
      </div></section>`}};e(`footnote-why`,x),e(`footnote-ask`,u);