import{a as e,c as t,d as n,i as r,l as i,n as a,o,r as s,s as c,t as l,u}from"./footnote-ask-BfcBLjf6.js";var d=class extends r{static{this.properties={...r.properties,loaded:{state:!0},trouble:{state:!0}}}constructor(){super(),this.loaded=null,this.trouble=``}connectedCallback(){super.connectedCallback(),this.reload()}render(){return u`<div class="view">
      <h1>${this.heading}</h1>
      ${this.trouble?u`<div class="note" role="status"><p>${this.trouble}</p></div>`:i}
      ${this.loaded?this.content(this.loaded):this.trouble?i:u`<p class="waiting"><span></span>Loading</p>`}
    </div>`}async reload(){await this.tryTo(async()=>{this.loaded=await this.load()})}async tryTo(e){try{this.trouble=``,await e()}catch(e){this.trouble=o(e).detail}}};function f(e){return new Date(e).toLocaleString(void 0,{dateStyle:`medium`,timeStyle:`short`})}function p(e,t){return`${e} ${t}${e===1?``:`s`}`}var m=400,h=`urn:footnote:problem:deletions`,g=class extends d{static{this.properties={...d.properties,running:{state:!0},generations:{state:!0},note:{state:!0},changes:{state:!0}}}constructor(){super(),this.heading=`Docs`,this.ingest=(e,t=!1)=>this.tryTo(async()=>{let{session:n}=this.app;for(this.running=await n.service.startIngest(e,t);this.running.state===`running`&&this.isConnected;)await new Promise(e=>setTimeout(e,m)),this.running=await n.service.ingest(this.running.id);let r=Number(this.running.report?.generation??0);await this.until(r)}),this.compare=()=>this.tryTo(async()=>{this.changes=await this.app.session.service.changes()}),this.list=()=>this.tryTo(async()=>{this.generations=await this.app.session.service.generations()}),this.rollBack=e=>this.tryTo(async()=>{await this.app.session.service.rollBack(e),await this.until(e),this.note=`Generation ${e} is live.`,await this.list()}),this.running=this.generations=this.changes=null,this.note=``}load(){return this.app.session.service.index()}content(e){let t=Object.entries(e.languages).map(([e,t])=>`${e} ${t}`);return u`<dl class="facts">
        <dt>Generation</dt><dd>${e.generation}, built ${f(e.created_at)}</dd>
        <dt>Pages</dt><dd>${p(e.files,`page`)}, ${p(e.chunks,`passage`)}</dd>
        <dt>Languages</dt><dd>${t.join(`, `)}</dd>
        <dt>Folder</dt><dd><span class="path" dir="ltr">${e.docs_dir}</span>, read as ${e.flavour}</dd>
        <dt>Answers</dt><dd>${e.llm}</dd>
      </dl>
      <section><h2>Left out</h2>${e.skipped.length?u`<div class="wide" tabindex="0" role="group" aria-label="Left out"><table>
            <thead><tr><th scope="col">What</th><th scope="col">Lost</th><th scope="col">Why</th></tr></thead>
            <tbody>${e.skipped.map(e=>u`<tr>
              <td class="path">${e.path}</td><td>${e.lost}</td><td>${e.reason}: ${e.detail}</td></tr>`)}
            </tbody></table></div>`:u`<p class="small">Nothing: every page was read whole.</p>`}</section>
      <section><h2>Update</h2>${this.updating(e)}</section>`}updating(e){if(!this.app.session.state.overview?.can_ingest)return u`<p class="small">Ingest with <code>footnote ingest</code>. To do it here, set an admin key:
        <code>FOOTNOTE_ADMIN_KEY</code>.</p>`;let{running:t}=this;return u`<div class="row-wrap">
        <button class="button" ?disabled=${t?.state===`running`} @click=${()=>this.ingest(!1)}>Ingest now</button>
        <button class="button quiet" ?disabled=${t?.state===`running`} @click=${()=>this.ingest(!0)}>Rebuild all</button>
        <button class="button quiet" @click=${this.compare}>What changed?</button>
        <button class="button quiet" @click=${this.list}>Generations</button>
      </div>
      ${t?this.progress(t):i}
      ${this.changes?this.differences(this.changes):i}
      ${this.note?u`<p class="note" role="status">${this.note}</p>`:i}
      ${this.generations?u`<ul class="list">${this.generations.map(t=>u`<li>
            ${t.generation}: ${f(t.created_at)}, ${p(t.files,`page`)}
            ${t.generation===e.generation?u`<strong>live</strong>`:u`<button class="link" @click=${()=>this.rollBack(t.generation)}>Make live</button>`}
          </li>`)}</ul>`:i}`}differences({before:e,changes:t,docs_changes:n,docs_problem:r}){return u`<div role="status">
      <p><strong>In the folder since:</strong> ${n?_(n):i} ${r}</p>
      ${e!==null&&t?u`<p><strong>Since generation ${e}:</strong> ${_(t)}</p>`:i}</div>`}progress(e){let{state:t,stage:n,done:r,total:a,report:o,problem:s}=e;return t===`failed`?u`<p class="note bad" role="alert">${s?.detail}
        ${s?.type===h?u`<button class="button quiet" @click=${()=>this.ingest(!1,!0)}>Remove them</button>`:i}</p>`:t===`done`?u`<p class="note" role="status">${o?.published?`Generation ${o.generation} is live.`:`Nothing had changed.`}</p>`:u`<label class="small">${n?`${n}: ${r} of ${a}`:`Starting`}
      <progress max=${a||1} value=${r}></progress></label>`}async until(e){for(let t=0;t<20&&(this.loaded=await this.load(),e&&this.loaded.generation!==e);t++)await new Promise(e=>setTimeout(e,m));await this.app.session.open()}};function _(e){let t=[`added`,`changed`,`deleted`].filter(t=>e[t].length);return t.length?u`<ul class="list">${t.map(t=>e[t].map(e=>u`<li>
    ${t} <span class="path" dir="ltr">${e}</span></li>`))}</ul>`:`nothing`}e(`footnote-docs`,g),e(`footnote-evaluation`,class extends d{constructor(...e){super(...e),this.heading=`Evaluation`}async load(){try{return await this.app.session.service.evaluation()}catch(e){if(o(e).status===404)return`none`;throw e}}content(e){return e===`none`?u`<p>Nothing was measured on these docs yet. <code>footnote eval</code> does it, with questions of yours.</p>`:u`<p>${f(e.created_at)}, ${e.mode}. ${e.summary}.</p>
      <div class="wide" tabindex="0" role="group" aria-label="Metrics"><table>
        <thead><tr><th scope="col">Metric</th><th scope="col" class="n">Mean</th><th scope="col" class="n">95 % interval</th>
          <th scope="col" class="n">Questions</th></tr></thead>
        <tbody>${e.metrics.map(e=>u`<tr>
          <td>${e.metric}${e.about?u` <span class="small">${e.about}</span>`:i}</td>
          <td class="n">${e.value.toFixed(3)}</td>
          <td class="n">${e.low.toFixed(3)} to ${e.high.toFixed(3)}</td><td class="n">${e.questions}</td></tr>`)}
        </tbody></table></div>
      <section><h2>Missed (${e.missed})</h2>
        <ul class="list">${e.misses.map(e=>u`<li dir="auto">${e.question}
          <span class="small">${e.why}${e.expected.length?u`; expected <span class="path">${e.expected.join(`, `)}</span>`:i}</span></li>`)}</ul>
      </section>`}});var v=class extends d{static{this.properties={...d.properties,note:{state:!0}}}constructor(){super(),this.heading=`Gaps`,this.copy=e=>this.tryTo(async()=>s(await this.app.session.service.gapAsIssue(e.question))),this.resolve=e=>this.tryTo(async()=>{let{answered:t,unanswered:n,not_judged:r}=await this.app.session.service.resolveGap(e.question);await this.reload(),this.note=[t.length?`${p(t.length,`question`)} answered now.`:``,n.length?`${p(n.length,`question`)} still not answered.`:``,r.length?`${p(r.length,`question`)} cannot be judged by asking again, since an answer did not help: dismiss what is settled.`:``].join(` `)}),this.dismiss=e=>this.tryTo(async()=>{await this.app.session.service.dismissGap(e.question),await this.reload(),this.note=`Dismissed: ${e.question}`}),this.note=``}load(){return this.app.session.service.gaps()}content(e){let t=u`<p class=${this.note?`note`:`unseen`} role="status">${this.note}</p>`;return e.gaps.length?u`${t}<p>${p(e.questions,`question`)}, asked ${p(e.count,`time`)}, that the docs did not
        answer, in groups of one meaning.</p>
      ${e.gaps.map(e=>this.gap(e))}
      ${e.not_shown?u`<p class="small">${p(e.not_shown,`group`)} more.</p>`:i}`:u`${t}<p>Nothing was asked that the docs did not answer.</p>`}gap(e){return u`<section class="gap">
      <h2 dir="auto">${e.question}</h2>
      <p class="small">Asked ${p(e.count,`time`)} (${e.refused} refused, ${e.unhelpful} not helpful), last
        ${f(e.last_asked)}</p>
      ${e.examples.length?u`<p class="small" dir="auto">Also: ${e.examples.map(e=>e.question).join(` · `)}</p>`:i}
      ${e.remarks.map(e=>e.comment?u`<p dir="auto">“${e.comment}”</p>`:i)}
      ${e.nearest.length?u`<p class="small">Near: ${e.nearest.map((e,t)=>u`${t?`; `:``}<span class="path"
            dir="ltr">${e.path}</span>${e.heading_path.map(e=>` › ${e}`)}`)}</p>`:i}
      <div class="actions">
        <button class="button quiet" @click=${()=>this.ask(e)}>Ask again</button>
        <button class="button quiet" @click=${()=>this.copy(e)}>Copy as an issue</button>
        <button class="button quiet" title="Asks again, and leaves out what the docs answer by now"
          @click=${()=>this.resolve(e)}>Resolve</button>
        <button class="button quiet" title="Leaves it out until it is asked again"
          @click=${()=>this.dismiss(e)}>Dismiss</button>
      </div>
    </section>`}ask(e){this.app.session.begin(),this.app.session.ask(e.question),location.hash=`#/`}};e(`footnote-gaps`,v);var y=[`lexical`,`vector`,`fused`,`reranked`],b=class extends r{static{this.properties={...r.properties,turn:{attribute:!1},found:{state:!0},missing:{state:!0},trouble:{state:!0}}}constructor(){super(),this.explain=async e=>{e.preventDefault();let t=this.querySelector(`input`)?.value.trim()??``;try{this.trouble=``,this.missing=await this.app.session.service.whyNot(this.asked,t,this.turn.filters)}catch(e){this.missing=null,this.trouble=o(e).detail}},this.found=[],this.missing=null,this.trouble=``}connectedCallback(){super.connectedCallback();let{turn:e}=this;this.found=e.hits,this.found.length||this.app.session.service.search(this.asked,e.filters).then(({hits:e})=>this.found=e,e=>this.trouble=o(e).detail)}get asked(){return this.turn.answer?.asked_as??this.turn.question}render(){let{turn:e}=this,{answer:t}=e;return u`<div class="why">
      <dl class="facts">
        ${t?.asked_as?u`<dt>Read as</dt><dd dir="auto">${t.asked_as}</dd>`:i}
        ${t?.searched.queries.length?u`<dt>Also searched</dt><dd dir="auto">${t.searched.queries.join(` · `)}</dd>`:i}
        ${t?.answerability==null?i:u`<dt>Answerable</dt><dd>${Math.round(t.answerability*100)} %, by what was found</dd>`}
        <dt>Searched</dt><dd>${t?.searched.files} of ${t?.searched.total_files} pages, generation ${t?.generation}</dd>
        <dt>Written by</dt><dd>${t?.mode===`llm`?t.model:`nobody: quotes of the docs`}</dd>
      </dl>
      ${this.found.length?this.passages(this.found):i} ${this.times(e.stages)} ${this.whyNot()}
    </div>`}passages(e){return u`<section><h3>Passages</h3>
      <div class="wide" tabindex="0" role="group" aria-label="Passages"><table>
        <thead><tr><th scope="col">Passage</th>${y.map(e=>u`<th scope="col" class="n">${e}</th>`)}</tr></thead>
        <tbody>${e.map(e=>u`<tr>
          <td><button class="link" @click=${t=>this.app.read(c(e.chunk,this.turn.answer?.generation??0),t.currentTarget)}
            >${t(e.chunk)}</button><br><span class="path" dir="ltr">${e.chunk.path}, ${a(e.chunk)}</span></td>
          ${y.map(t=>{let n=e[t];return u`<td class="n">${n?u`${n.rank}<br><span class="small">${n.score.toFixed(2)}</span>`:`–`}</td>`})}</tr>`)}
        </tbody></table></div>
      <p class="small">Rank and, below it, score: BM25, cosine, both together, the reranker's logit.</p>
      ${this.ranks(e)}
    </section>`}ranks(e){let t=Math.max(2,...e.flatMap(e=>y.map(t=>e[t]?.rank??1))),r=e=>14+Math.log(e)/Math.log(t)*92;return u`<svg class="ranks" viewBox="0 0 400 132" aria-hidden="true">
      ${y.map((e,t)=>n`<text x=${50+t*100} y="128" text-anchor="middle">${e}</text>`)}
      ${e.map(e=>{let t=y.flatMap((t,n)=>{let i=e[t]?.rank;return i?[{x:50+n*100,y:r(i),rank:i}]:[]});return n`<g><polyline points=${t.map(({x:e,y:t})=>`${e},${t}`).join(` `)}></polyline>
          ${t.map(({x:e,y:t,rank:r})=>n`<circle cx=${e} cy=${t} r="9"></circle><text x=${e} y=${t+4} text-anchor="middle">${r}</text>`)}</g>`})}
    </svg>`}times(e){if(!e.length)return i;let t=Math.max(...e.map(e=>e.ms),1);return u`<section><h3>Time</h3><table><tbody>${e.map(e=>u`<tr>
      <th scope="row">${e.name}</th><td class="n">${e.ms.toFixed(+(e.ms<10))} ms</td><td class="n">${e.count}</td>
      <td><svg class="bar" width=${Math.max(1,Math.round(e.ms/t*120))} height="8" aria-hidden="true"></svg></td>
    </tr>`)}</tbody></table></section>`}whyNot(){let{missing:e}=this;return u`<section><h3>Why not another page?</h3>
      <form class="inline-form" @submit=${this.explain}>
        <label>Its path, or PATH#HEADING <input name="page" required autocomplete="off" spellcheck="false"></label>
        <button class="button">Explain</button>
      </form>
      <div role="status">
        ${this.trouble?u`<p class="note bad">${this.trouble}</p>`:i}
        ${e?u`<p>${e.reason}</p>${e.fix?u`<p class="small">${e.fix}</p>`:i}
              ${e.suggestions.length?u`<p class="small">Meant perhaps: ${e.suggestions.join(`, `)}</p>`:i}
              <p class="small">${e.stages.map(({stage:e,best:t})=>`${e} ${t?.rank??`–`}`).join(` · `)}</p>`:i}
      </div></section>`}};e(`footnote-why`,b),e(`footnote-ask`,l);