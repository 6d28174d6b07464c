import{a as e,c as t,d as n,f as r,g as i,h as a,i as o,l as s,m as c,n as l,o as u,p as d,r as f,s as p,t as m,u as h}from"./footnote-ask-D6PF14Hj.js";var g=class extends e{static{this.properties={...e.properties,collections:{state:!0},loaded:{state:!0},trouble:{state:!0}}}constructor(){super(),this.kind=`reader`,this.tried=()=>Promise.resolve(),this.busy=0,this.signIns=-1,this.look=async()=>{let{session:e}=this.app;await e.opening;let t=await e.service.collections(this.kind),{about:n}=e.service;if(!t.some(({name:e})=>e===n.collection)){delete n.collection;let[r]=t;r&&(t.length>1||e.state.overview?.can_sign_in)&&(n.collection=r.name)}this.collections=t,this.loaded=await this.load()},this.giveKey=()=>{this.kind===`reader`&&this.tried===this.look?this.app.session.signIn():this.tryTo(this.tried)},this.choose=e=>{this.app.session.service.about={collection:e},this.begin(),this.reload()},this.collections=[],this.loaded=this.trouble=null}updated(){let{signIns:e}=this.app.session.state;this.busy||this.signIns===e||(this.signIns=e,this.tryTo(this.look))}render(){let{session:e}=this.app;return a`<div class="view">
<h1>${this.heading}</h1>
${p(this.collections,e.service.about.collection,this.choose)}
${this.trouble?a`<div class="note" role="status"><p>${this.trouble.detail}</p>
${n(this.trouble)?l(this.giveKey):r(this.trouble)?this.again():c}</div>`:c}
${this.loaded?this.content(this.loaded):this.trouble||e.state.keyWanted?c:a`<p class="waiting"><span></span>Loading</p>`}
</div>`}again(){return a`<button class="button" @click=${()=>this.tryTo(this.tried)}>Try again</button>`}begin(){this.loaded=null}async reload(){await this.tryTo(async()=>{this.loaded=await this.load()})}async tryTo(e){let{service:t}=this.app.session,{about:n}=t;this.tried=e,this.busy++;try{this.trouble=null,await e()}catch(e){n===t.about&&(this.trouble=d(e))}this.busy--,this.requestUpdate()}};function _(e){return new Date(e).toLocaleString(void 0,{dateStyle:`medium`,timeStyle:`short`})}function v(e,t){return`${e} ${t}${e===1?``:`s`}`}var y=400,b=`urn:footnote:problem:deletions`,x=class extends g{static{this.properties={...g.properties,running:{state:!0},generations:{state:!0},note:{state:!0},changes:{state:!0}}}constructor(){super(),this.heading=`Docs`,this.ingest=(e,t=!1)=>this.tryTo(async()=>{this.clear();let{session:n}=this.app;this.running=await n.service.startIngest(e,t);let{id:r}=this.running,i=()=>this.running?.id===r&&this.isConnected;for(;i()&&this.running.state===`running`;){if(await new Promise(e=>setTimeout(e,y)),!i())return;this.running=await n.service.ingest(r)}await this.until(Number(this.running.report?.generation??0))}),this.compare=()=>this.tryTo(async()=>{this.clear(),this.changes=await this.app.session.service.changes()}),this.list=()=>this.tryTo(async()=>{this.clear(),this.generations=await this.app.session.service.generations()}),this.rollBack=e=>this.tryTo(async()=>{let{generations:t}=this;this.clear(),this.generations=t;let{service:n}=this.app.session;await n.rollBack(e),await this.until(e),this.note=`Generation ${e} is live.`,this.generations=await n.generations()}),this.running=this.generations=this.changes=null,this.note=``}begin(){super.begin(),this.running=null,this.clear()}clear(){this.running?.state!==`running`&&(this.running=null),this.generations=this.changes=null,this.note=``}load(){return this.app.session.service.index()}content(e){let t=Object.entries(e.languages).map(([e,t])=>`${e} ${t}`);return a`<dl class="facts">
<dt>Generation</dt><dd>${e.generation}, built ${_(e.created_at)}</dd>
<dt>Pages</dt><dd>${v(e.files,`page`)}, ${v(e.chunks,`passage`)}</dd>
<dt>Languages</dt><dd>${t.join(`, `)}</dd>
<dt>Folder</dt><dd>${e.docs_dir?a`<span class="path" dir="ltr">${e.docs_dir}</span>, `:c}read as ${e.flavour}</dd>
<dt>Answers</dt><dd>${e.llm}</dd>
</dl>
<section><h2>Left out</h2>${e.skipped.length?a`<div class="wide" tabindex="0" role="group" aria-label="Left out"><table>
<thead><tr><th scope="col">What</th><th scope="col">Lost</th><th scope="col">Why</th></tr></thead>
<tbody>${e.skipped.map(e=>a`<tr>
<td class="path">${e.path.split(/(?<=\/)/).map(e=>a`${e}<wbr>`)}</td><td>${e.lost}</td><td>${e.reason}: ${e.detail}</td></tr>`)}
</tbody></table></div>`:a`<p class="small">Nothing: every page was read whole.</p>`}</section>
<section><h2>Update</h2>${this.updating(e)}</section>`}updating(e){if(!this.app.session.state.overview?.can_ingest)return a`<p class="small">Ingest with <code>footnote ingest</code>. To do it here, set an admin key:
<code>FOOTNOTE_ADMIN_KEY</code>.</p>`;let{running:t}=this;return a`<div class="row-wrap">
<button class="button" ?disabled=${t?.state===`running`} @click=${()=>this.ingest(!1)}>Ingest now</button>
<button class="button quiet" ?disabled=${t?.state===`running`} @click=${()=>this.ingest(!0)}>Rebuild all</button>
<button class="button quiet" @click=${this.compare}>What changed?</button>
<button class="button quiet" @click=${this.list}>Generations</button>
</div>
${t?this.progress(t):c}
${this.changes?this.differences(this.changes):c}
${this.note?a`<p class="note" role="status">${this.note}</p>`:c}
${this.generations?a`<ul class="list">${this.generations.map(t=>a`<li>
${t.generation}: ${_(t.created_at)}, ${v(t.files,`page`)}
${t.generation===e.generation?a`<strong>live</strong>`:a`<button class="link" @click=${()=>this.rollBack(t.generation)}>Make live</button>`}
</li>`)}</ul>`:c}`}differences({before:e,changes:t,docs_changes:n,docs_problem:r}){return a`<div role="status">
<p><strong>In the folder since:</strong> ${n?S(n):c} ${r}</p>
${e!==null&&t?a`<p><strong>Since generation ${e}:</strong> ${S(t)}</p>`:c}</div>`}progress(e){let{state:t,stage:n,done:r,total:i,report:o,problem:s}=e;return t===`failed`?a`<p class="note bad" role="alert">${s?.detail}
${s?.type===b?a`<button class="button quiet" @click=${()=>this.ingest(!1,!0)}>Remove them</button>`:c}</p>`:t===`done`?a`<p class="note" role="status">${o?.published?`Generation ${o.generation} is live.`:`Nothing had changed.`}</p>`:a`<label class="small">${n?`${n}: ${r} of ${i}`:`Starting`}
<progress max=${i||1} value=${r}></progress></label>`}async until(e){for(let t=0;t<20&&(this.loaded=await this.load(),e&&this.loaded.generation!==e);t++)await new Promise(e=>setTimeout(e,y));let{session:t}=this.app;await t.open(),this.collections=await t.service.collections()}};function S(e){let t=[`added`,`changed`,`deleted`].filter(t=>e[t].length);return t.length?a`<ul class="list">${t.map(t=>e[t].map(e=>a`<li>
${t} <span class="path" dir="ltr">${e}</span></li>`))}</ul>`:`nothing`}u(`footnote-docs`,x),u(`footnote-evaluation`,class extends g{constructor(...e){super(...e),this.heading=`Evaluation`}async load(){try{return await this.app.session.service.evaluation()}catch(e){if(d(e).status===404)return`none`;throw e}}content(e){return e===`none`?a`<p>Nothing was measured on these docs yet. <code>footnote eval</code> does it, with questions of yours.</p>`:a`<p>${_(e.created_at)}, ${e.mode}. ${e.summary}.</p>
<div class="wide" tabindex="0" role="group" aria-label="Metrics"><table>
<thead><tr><th scope="col">Metric</th><th scope="col" class="n">Mean</th><th scope="col" class="n">95 % interval</th>
<th scope="col" class="n">Questions</th></tr></thead>
<tbody>${e.metrics.map(e=>a`<tr>
<td>${e.metric}${e.about?a` <span class="small">${e.about}</span>`:c}</td>
<td class="n">${e.value.toFixed(3)}</td>
<td class="n">${e.low.toFixed(3)} to ${e.high.toFixed(3)}</td><td class="n">${e.questions}</td></tr>`)}
</tbody></table></div>
<section><h2>Missed (${e.missed})</h2>
<ul class="list">${e.misses.map(e=>a`<li dir="auto">${e.question}
<span class="small">${e.why}${e.expected.length?a`; expected <span class="path">${e.expected.join(`, `)}</span>`:c}</span></li>`)}</ul>
</section>`}});var C=class extends g{static{this.properties={...g.properties,note:{state:!0}}}constructor(){super(),this.heading=`Gaps`,this.kind=`admin`,this.copy=e=>this.tryTo(async()=>o(await this.app.session.service.gapAsIssue(e.question))),this.resolve=e=>this.tryTo(async()=>{let{answered:t,unanswered:n,not_judged:r}=await this.app.session.service.resolveGap(e.question);this.note=[t.length?`${v(t.length,`question`)} answered now.`:``,n.length?`${v(n.length,`question`)} still not answered.`:``,r.length?`${v(r.length,`question`)} cannot be judged by asking again, since an answer did not help: dismiss what is settled.`:``].join(` `),await this.reload()}),this.dismiss=e=>this.tryTo(async()=>{await this.app.session.service.dismissGap(e.question),this.note=`Dismissed: ${e.question}`,await this.reload()}),this.note=``}begin(){super.begin(),this.note=``}load(){return this.app.session.service.gaps()}content(e){let t=a`<p class=${this.note?`note`:`unseen`} role="status">${this.note}</p>`;return e.gaps.length?a`${t}<p>${v(e.questions,`question`)}, asked ${v(e.count,`time`)}, that the docs did not
answer, in groups of one meaning.</p>
${e.gaps.map(e=>this.gap(e))}
${e.not_shown?a`<p class="small">${v(e.not_shown,`group`)} more.</p>`:c}`:a`${t}<p>Nothing was asked that the docs did not answer.</p>`}gap(e){return a`<section class="gap">
<h2 dir="auto">${e.question}</h2>
<p class="small">Asked ${v(e.count,`time`)} (${e.refused} refused, ${e.unhelpful} not helpful), last
${_(e.last_asked)}</p>
${e.examples.length?a`<p class="small" dir="auto">Also: ${e.examples.map(e=>e.question).join(` · `)}</p>`:c}
${e.remarks.map(e=>e.comment?a`<p dir="auto">“${e.comment}”</p>`:c)}
${e.nearest.length?a`<p class="small">Near: ${e.nearest.map((e,t)=>a`${t?`; `:``}<span class="path"
dir="ltr">${e.path}</span>${e.heading_path.map(e=>` › ${e}`)}`)}</p>`:c}
<div class="actions">
<button class="button quiet" @click=${()=>this.ask(e)}>Ask again</button>
<button class="button quiet" @click=${()=>this.copy(e)}>Copy as an issue</button>
<button class="button quiet" title="Asks again, and leaves out what the docs answer by now"
@click=${()=>this.resolve(e)}>Resolve</button>
<button class="button quiet" title="Leaves it out until it is asked again"
@click=${()=>this.dismiss(e)}>Dismiss</button>
</div>
</section>`}ask(e){this.app.session.begin(),this.app.session.ask(e.question),location.hash=`#/`}};u(`footnote-gaps`,C);var w=[`lexical`,`vector`,`fused`,`reranked`],T=class extends e{static{this.properties={...e.properties,turn:{attribute:!1},found:{state:!0},missing:{state:!0},trouble:{state:!0}}}constructor(){super(),this.explain=async e=>{e.preventDefault();let t=this.querySelector(`input`)?.value.trim()??``;try{this.trouble=``;let{session:e}=this.app,n=e.state.collections.map(({name:e})=>e),{filters:r}=this.turn,[,i,a=t]=n.length>1&&/^([a-z0-9][a-z0-9-]*): *(.+)/.exec(t)||[],o=i??r.collection;if(n.length>1&&!n.includes(o??``)){let e=o?`There is no collection ${o}`:`Say of which collection the page is`;throw Error(`${e}: ${n.join(`, `)}`)}this.missing=await e.service.whyNot(this.asked,a,{...r,collection:o})}catch(e){this.missing=null,this.trouble=d(e).detail}},this.found=[],this.missing=null,this.trouble=``}connectedCallback(){super.connectedCallback();let{turn:e}=this;this.found=e.hits,this.found.length||this.app.session.service.search(this.asked,e.filters).then(({hits:e})=>this.found=e,e=>this.trouble=d(e).detail)}get asked(){return this.turn.answer?.asked_as??this.turn.question}render(){let{turn:e}=this,{answer:t}=e;return a`<div class="why">
<dl class="facts">
${t?.asked_as?a`<dt>Read as</dt><dd dir="auto">${t.asked_as}</dd>`:c}
${t?.searched.queries.length?a`<dt>Also searched</dt><dd dir="auto">${t.searched.queries.join(` · `)}</dd>`:c}
${t?.answerability==null?c:a`<dt>Answerable</dt><dd>${Math.round(t.answerability*100)} %, by what was found</dd>`}
<dt>Searched</dt><dd>${t?.searched.files} of ${t?.searched.total_files} pages${t?.generation?`, generation ${t.generation}`:c}</dd>
<dt>Written by</dt><dd>${t?.mode===`llm`?t.model:`nobody: quotes of the docs`}</dd>
</dl>
${this.found.length?this.passages(this.found):c} ${this.times(e.stages)} ${this.whyNot()}
</div>`}placed({collection:e}){return{generation:0,...this.turn.answer,collection:e}}passages(e){return a`<section><h3>Passages</h3>
<div class="wide" tabindex="0" role="group" aria-label="Passages"><table>
<thead><tr><th scope="col">Passage</th>${w.map(e=>a`<th scope="col" class="n">${e}</th>`)}</tr></thead>
<tbody>${e.map(e=>a`<tr>
<td><button class="link" @click=${t=>this.app.read(s(e.chunk,this.placed(e)),t.currentTarget)}
>${h(e.chunk)}</button><br><span class="path" dir="ltr">${t({...e.chunk,collection:e.collection})}, ${f(e.chunk)}</span></td>
${w.map(t=>{let n=e[t];return a`<td class="n">${n?a`${n.rank}<br><span class="small">${n.score.toFixed(2)}</span>`:`–`}</td>`})}</tr>`)}
</tbody></table></div>
<p class="small">Rank and, below it, score: BM25, cosine, both together, the reranker's logit.</p>
${this.ranks(e)}
</section>`}ranks(e){let t=Math.max(2,...e.flatMap(e=>w.map(t=>e[t]?.rank??1))),n=e=>14+Math.log(e)/Math.log(t)*92;return a`<svg class="ranks" viewBox="0 0 400 132" aria-hidden="true">
${w.map((e,t)=>i`<text x=${50+t*100} y="128" text-anchor="middle">${e}</text>`)}
${e.map(e=>{let t=w.flatMap((t,r)=>{let i=e[t]?.rank;return i?[{x:50+r*100,y:n(i),rank:i}]:[]});return i`<g><polyline points=${t.map(({x:e,y:t})=>`${e},${t}`).join(` `)}></polyline>
${t.map(({x:e,y:t,rank:n})=>i`<circle cx=${e} cy=${t} r="9"></circle><text x=${e} y=${t+4} text-anchor="middle">${n}</text>`)}</g>`})}
</svg>`}times(e){if(!e.length)return c;let t=Math.max(...e.map(e=>e.ms),1);return a`<section><h3>Time</h3><table><tbody>${e.map(e=>a`<tr>
<th scope="row">${e.name}</th><td class="n">${e.ms.toFixed(+(e.ms<10))} ms</td><td class="n">${e.count}</td>
<td><svg class="bar" width=${Math.max(1,Math.round(e.ms/t*120))} height="8" aria-hidden="true"></svg></td>
</tr>`)}</tbody></table></section>`}whyNot(){let{missing:e}=this,t=!this.turn.filters.collection&&this.app.session.state.collections.length>1;return a`<section><h3>Why not another page?</h3>
<form class="inline-form" @submit=${this.explain}>
<label>Its ${t?`COLLECTION: PATH`:`path`}, or PATH#HEADING <input name="page" required autocomplete="off" spellcheck="false"></label>
<button class="button">Explain</button>
</form>
<div role="status">
${this.trouble?a`<p class="note bad">${this.trouble}</p>`:c}
${e?a`<p>${e.reason}</p>${e.fix?a`<p class="small">${e.fix}</p>`:c}
${e.suggestions.length?a`<p class="small">Meant perhaps: ${e.suggestions.join(`, `)}</p>`:c}
<p class="small">${e.stages.map(({stage:e,best:t})=>`${e} ${t?.rank??`–`}`).join(` · `)}</p>`:c}
</div></section>`}};u(`footnote-why`,T),u(`footnote-ask`,m);