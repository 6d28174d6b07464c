import{a as e,c as t,d as n,f as r,i,l as a,n as o,o as s,p as c,r as l,s as u,t as d,u as f}from"./footnote-ask-Cx1KgIwB.js";var p=class extends i{static{this.properties={...i.properties,collections:{state:!0},loaded:{state:!0},trouble:{state:!0}}}constructor(){super(),this.choose=e=>{this.app.session.service.about.collection=e,this.begin(),this.reload()},this.collections=[],this.loaded=null,this.trouble=``}connectedCallback(){super.connectedCallback(),this.tryTo(async()=>{let{service:e}=this.app.session,t=await e.collections();t.length>1&&(e.about.collection??=t[0]?.name),this.collections=t,this.loaded=await this.load()})}render(){return r`<div class="view">
      <h1>${this.heading}</h1>
      ${s(this.collections,this.app.session.service.about.collection,this.choose)}
      ${this.trouble?r`<div class="note" role="status"><p>${this.trouble}</p></div>`:n}
      ${this.loaded?this.content(this.loaded):this.trouble?n:r`<p class="waiting"><span></span>Loading</p>`}
    </div>`}begin(){this.loaded=null}async reload(){await this.tryTo(async()=>{this.loaded=await this.load()})}async tryTo(e){try{this.trouble=``,await e()}catch(e){this.trouble=u(e).detail}}};function m(e){return new Date(e).toLocaleString(void 0,{dateStyle:`medium`,timeStyle:`short`})}function h(e,t){return`${e} ${t}${e===1?``:`s`}`}var g=400,_=`urn:footnote:problem:deletions`,v=class extends p{static{this.properties={...p.properties,running:{state:!0},generations:{state:!0},note:{state:!0},changes:{state:!0}}}constructor(){super(),this.heading=`Docs`,this.ingest=(e,t=!1)=>this.tryTo(async()=>{let{session:n}=this.app;this.running=await n.service.startIngest(e,t);let{id:r}=this.running,i=()=>this.running?.id===r&&this.isConnected;for(;i()&&this.running.state===`running`;){if(await new Promise(e=>setTimeout(e,g)),!i())return;let e=await n.service.ingest(r);if(!i())return;this.running=e}await this.until(Number(this.running.report?.generation??0))}),this.compare=()=>this.tryTo(async()=>{this.changes=await this.app.session.service.changes()}),this.list=()=>this.tryTo(async()=>{this.generations=await this.app.session.service.generations()}),this.rollBack=e=>this.tryTo(async()=>{await this.app.session.service.rollBack(e),await this.until(e),this.note=`Generation ${e} is live.`,await this.list()}),this.running=this.generations=this.changes=null,this.note=``}begin(){super.begin(),this.running=this.generations=this.changes=null,this.note=``}load(){return this.app.session.service.index()}content(e){let t=Object.entries(e.languages).map(([e,t])=>`${e} ${t}`);return r`<dl class="facts">
        <dt>Generation</dt><dd>${e.generation}, built ${m(e.created_at)}</dd>
        <dt>Pages</dt><dd>${h(e.files,`page`)}, ${h(e.chunks,`passage`)}</dd>
        <dt>Languages</dt><dd>${t.join(`, `)}</dd>
        <dt>Folder</dt><dd><span class="path" dir="ltr">${e.docs_dir}</span>, read as ${e.flavour}</dd>
        <dt>Answers</dt><dd>${e.llm}</dd>
      </dl>
      <section><h2>Left out</h2>${e.skipped.length?r`<div class="wide" tabindex="0" role="group" aria-label="Left out"><table>
            <thead><tr><th scope="col">What</th><th scope="col">Lost</th><th scope="col">Why</th></tr></thead>
            <tbody>${e.skipped.map(e=>r`<tr>
              <td class="path">${e.path}</td><td>${e.lost}</td><td>${e.reason}: ${e.detail}</td></tr>`)}
            </tbody></table></div>`:r`<p class="small">Nothing: every page was read whole.</p>`}</section>
      <section><h2>Update</h2>${this.updating(e)}</section>`}updating(e){if(!this.app.session.state.overview?.can_ingest)return r`<p class="small">Ingest with <code>footnote ingest</code>. To do it here, set an admin key:
        <code>FOOTNOTE_ADMIN_KEY</code>.</p>`;let{running:t}=this;return r`<div class="row-wrap">
        <button class="button" ?disabled=${t?.state===`running`} @click=${()=>this.ingest(!1)}>Ingest now</button>
        <button class="button quiet" ?disabled=${t?.state===`running`} @click=${()=>this.ingest(!0)}>Rebuild all</button>
        <button class="button quiet" @click=${this.compare}>What changed?</button>
        <button class="button quiet" @click=${this.list}>Generations</button>
      </div>
      ${t?this.progress(t):n}
      ${this.changes?this.differences(this.changes):n}
      ${this.note?r`<p class="note" role="status">${this.note}</p>`:n}
      ${this.generations?r`<ul class="list">${this.generations.map(t=>r`<li>
            ${t.generation}: ${m(t.created_at)}, ${h(t.files,`page`)}
            ${t.generation===e.generation?r`<strong>live</strong>`:r`<button class="link" @click=${()=>this.rollBack(t.generation)}>Make live</button>`}
          </li>`)}</ul>`:n}`}differences({before:e,changes:t,docs_changes:i,docs_problem:a}){return r`<div role="status">
      <p><strong>In the folder since:</strong> ${i?y(i):n} ${a}</p>
      ${e!==null&&t?r`<p><strong>Since generation ${e}:</strong> ${y(t)}</p>`:n}</div>`}progress(e){let{state:t,stage:i,done:a,total:o,report:s,problem:c}=e;return t===`failed`?r`<p class="note bad" role="alert">${c?.detail}
        ${c?.type===_?r`<button class="button quiet" @click=${()=>this.ingest(!1,!0)}>Remove them</button>`:n}</p>`:t===`done`?r`<p class="note" role="status">${s?.published?`Generation ${s.generation} is live.`:`Nothing had changed.`}</p>`:r`<label class="small">${i?`${i}: ${a} of ${o}`:`Starting`}
      <progress max=${o||1} value=${a}></progress></label>`}async until(e){for(let t=0;t<20&&(this.loaded=await this.load(),e&&this.loaded.generation!==e);t++)await new Promise(e=>setTimeout(e,g));await this.app.session.open()}};function y(e){let t=[`added`,`changed`,`deleted`].filter(t=>e[t].length);return t.length?r`<ul class="list">${t.map(t=>e[t].map(e=>r`<li>
    ${t} <span class="path" dir="ltr">${e}</span></li>`))}</ul>`:`nothing`}e(`footnote-docs`,v),e(`footnote-evaluation`,class extends p{constructor(...e){super(...e),this.heading=`Evaluation`}async load(){try{return await this.app.session.service.evaluation()}catch(e){if(u(e).status===404)return`none`;throw e}}content(e){return e===`none`?r`<p>Nothing was measured on these docs yet. <code>footnote eval</code> does it, with questions of yours.</p>`:r`<p>${m(e.created_at)}, ${e.mode}. ${e.summary}.</p>
      <div class="wide" tabindex="0" role="group" aria-label="Metrics"><table>
        <thead><tr><th scope="col">Metric</th><th scope="col" class="n">Mean</th><th scope="col" class="n">95 % interval</th>
          <th scope="col" class="n">Questions</th></tr></thead>
        <tbody>${e.metrics.map(e=>r`<tr>
          <td>${e.metric}${e.about?r` <span class="small">${e.about}</span>`:n}</td>
          <td class="n">${e.value.toFixed(3)}</td>
          <td class="n">${e.low.toFixed(3)} to ${e.high.toFixed(3)}</td><td class="n">${e.questions}</td></tr>`)}
        </tbody></table></div>
      <section><h2>Missed (${e.missed})</h2>
        <ul class="list">${e.misses.map(e=>r`<li dir="auto">${e.question}
          <span class="small">${e.why}${e.expected.length?r`; expected <span class="path">${e.expected.join(`, `)}</span>`:n}</span></li>`)}</ul>
      </section>`}});var b=class extends p{static{this.properties={...p.properties,note:{state:!0}}}constructor(){super(),this.heading=`Gaps`,this.copy=e=>this.tryTo(async()=>l(await this.app.session.service.gapAsIssue(e.question))),this.resolve=e=>this.tryTo(async()=>{let{answered:t,unanswered:n,not_judged:r}=await this.app.session.service.resolveGap(e.question);await this.reload(),this.note=[t.length?`${h(t.length,`question`)} answered now.`:``,n.length?`${h(n.length,`question`)} still not answered.`:``,r.length?`${h(r.length,`question`)} cannot be judged by asking again, since an answer did not help: dismiss what is settled.`:``].join(` `)}),this.dismiss=e=>this.tryTo(async()=>{await this.app.session.service.dismissGap(e.question),await this.reload(),this.note=`Dismissed: ${e.question}`}),this.note=``}begin(){super.begin(),this.note=``}load(){return this.app.session.service.gaps()}content(e){let t=r`<p class=${this.note?`note`:`unseen`} role="status">${this.note}</p>`;return e.gaps.length?r`${t}<p>${h(e.questions,`question`)}, asked ${h(e.count,`time`)}, that the docs did not
        answer, in groups of one meaning.</p>
      ${e.gaps.map(e=>this.gap(e))}
      ${e.not_shown?r`<p class="small">${h(e.not_shown,`group`)} more.</p>`:n}`:r`${t}<p>Nothing was asked that the docs did not answer.</p>`}gap(e){return r`<section class="gap">
      <h2 dir="auto">${e.question}</h2>
      <p class="small">Asked ${h(e.count,`time`)} (${e.refused} refused, ${e.unhelpful} not helpful), last
        ${m(e.last_asked)}</p>
      ${e.examples.length?r`<p class="small" dir="auto">Also: ${e.examples.map(e=>e.question).join(` · `)}</p>`:n}
      ${e.remarks.map(e=>e.comment?r`<p dir="auto">“${e.comment}”</p>`:n)}
      ${e.nearest.length?r`<p class="small">Near: ${e.nearest.map((e,t)=>r`${t?`; `:``}<span class="path"
            dir="ltr">${e.path}</span>${e.heading_path.map(e=>` › ${e}`)}`)}</p>`:n}
      <div class="actions">
        <button class="button quiet" @click=${()=>this.ask(e)}>Ask again</button>
        <button class="button quiet" @click=${()=>this.copy(e)}>Copy as an issue</button>
        <button class="button quiet" title="Asks again, and leaves out what the docs answer by now"
          @click=${()=>this.resolve(e)}>Resolve</button>
        <button class="button quiet" title="Leaves it out until it is asked again"
          @click=${()=>this.dismiss(e)}>Dismiss</button>
      </div>
    </section>`}ask(e){this.app.session.begin(),this.app.session.ask(e.question),location.hash=`#/`}};e(`footnote-gaps`,b);var x=[`lexical`,`vector`,`fused`,`reranked`],S=class extends i{static{this.properties={...i.properties,turn:{attribute:!1},found:{state:!0},missing:{state:!0},trouble:{state:!0}}}constructor(){super(),this.explain=async e=>{e.preventDefault();let t=this.querySelector(`input`)?.value.trim()??``;try{this.trouble=``;let e=this.collections.find(({name:e})=>t.startsWith(`${e}: `)),n=e?{...this.turn.filters,collection:e.name}:this.turn.filters,r=e?t.slice(e.name.length+2):t;this.missing=await this.app.session.service.whyNot(this.asked,r,n)}catch(e){this.missing=null,this.trouble=u(e).detail}},this.found=[],this.missing=null,this.trouble=``}connectedCallback(){super.connectedCallback();let{turn:e}=this;this.found=e.hits,this.found.length||this.app.session.service.search(this.asked,e.filters).then(({hits:e})=>this.found=e,e=>this.trouble=u(e).detail)}get collections(){return this.turn.filters.collection?[]:this.app.session.state.collections}get asked(){return this.turn.answer?.asked_as??this.turn.question}render(){let{turn:e}=this,{answer:t}=e;return r`<div class="why">
      <dl class="facts">
        ${t?.asked_as?r`<dt>Read as</dt><dd dir="auto">${t.asked_as}</dd>`:n}
        ${t?.searched.queries.length?r`<dt>Also searched</dt><dd dir="auto">${t.searched.queries.join(` · `)}</dd>`:n}
        ${t?.answerability==null?n:r`<dt>Answerable</dt><dd>${Math.round(t.answerability*100)} %, by what was found</dd>`}
        <dt>Searched</dt><dd>${t?.searched.files} of ${t?.searched.total_files} pages${t?.generation?`, generation ${t.generation}`:n}</dd>
        <dt>Written by</dt><dd>${t?.mode===`llm`?t.model:`nobody: quotes of the docs`}</dd>
      </dl>
      ${this.found.length?this.passages(this.found):n} ${this.times(e.stages)} ${this.whyNot()}
    </div>`}placed({collection:e}){return{generation:0,...this.turn.answer,collection:e}}passages(e){return r`<section><h3>Passages</h3>
      <div class="wide" tabindex="0" role="group" aria-label="Passages"><table>
        <thead><tr><th scope="col">Passage</th>${x.map(e=>r`<th scope="col" class="n">${e}</th>`)}</tr></thead>
        <tbody>${e.map(e=>r`<tr>
          <td><button class="link" @click=${t=>this.app.read(a(e.chunk,this.placed(e)),t.currentTarget)}
            >${f(e.chunk)}</button><br><span class="path" dir="ltr">${t({...e.chunk,collection:e.collection})}, ${o(e.chunk)}</span></td>
          ${x.map(t=>{let n=e[t];return r`<td class="n">${n?r`${n.rank}<br><span class="small">${n.score.toFixed(2)}</span>`:`–`}</td>`})}</tr>`)}
        </tbody></table></div>
      <p class="small">Rank and, below it, score: BM25, cosine, both together, the reranker's logit.</p>
      ${this.ranks(e)}
    </section>`}ranks(e){let t=Math.max(2,...e.flatMap(e=>x.map(t=>e[t]?.rank??1))),n=e=>14+Math.log(e)/Math.log(t)*92;return r`<svg class="ranks" viewBox="0 0 400 132" aria-hidden="true">
      ${x.map((e,t)=>c`<text x=${50+t*100} y="128" text-anchor="middle">${e}</text>`)}
      ${e.map(e=>{let t=x.flatMap((t,r)=>{let i=e[t]?.rank;return i?[{x:50+r*100,y:n(i),rank:i}]:[]});return c`<g><polyline points=${t.map(({x:e,y:t})=>`${e},${t}`).join(` `)}></polyline>
          ${t.map(({x:e,y:t,rank:n})=>c`<circle cx=${e} cy=${t} r="9"></circle><text x=${e} y=${t+4} text-anchor="middle">${n}</text>`)}</g>`})}
    </svg>`}times(e){if(!e.length)return n;let t=Math.max(...e.map(e=>e.ms),1);return r`<section><h3>Time</h3><table><tbody>${e.map(e=>r`<tr>
      <th scope="row">${e.name}</th><td class="n">${e.ms.toFixed(+(e.ms<10))} ms</td><td class="n">${e.count}</td>
      <td><svg class="bar" width=${Math.max(1,Math.round(e.ms/t*120))} height="8" aria-hidden="true"></svg></td>
    </tr>`)}</tbody></table></section>`}whyNot(){let{missing:e}=this;return r`<section><h3>Why not another page?</h3>
      <form class="inline-form" @submit=${this.explain}>
        <label>Its ${this.collections.length>1?`COLLECTION: PATH`:`path`}, or PATH#HEADING <input name="page" required autocomplete="off" spellcheck="false"></label>
        <button class="button">Explain</button>
      </form>
      <div role="status">
        ${this.trouble?r`<p class="note bad">${this.trouble}</p>`:n}
        ${e?r`<p>${e.reason}</p>${e.fix?r`<p class="small">${e.fix}</p>`:n}
              ${e.suggestions.length?r`<p class="small">Meant perhaps: ${e.suggestions.join(`, `)}</p>`:n}
              <p class="small">${e.stages.map(({stage:e,best:t})=>`${e} ${t?.rank??`–`}`).join(` · `)}</p>`:n}
      </div></section>`}};e(`footnote-why`,S),e(`footnote-ask`,d);