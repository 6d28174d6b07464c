import{_ as e,a as t,c as n,d as r,f as i,g as a,h as o,i as s,l as c,m as l,n as u,o as d,p as f,r as p,s as m,t as h,u as g}from"./footnote-ask-BItp0gyr.js";var _=class extends t{static{this.properties={...t.properties,collections:{state:!0},loaded:{state:!0},trouble:{state:!0}}}constructor(){super(),this.kind=`reader`,this.tried=()=>Promise.resolve(),this.busy=0,this.signIns=-1,this.look=async()=>{let{session:e}=this.app;await e.opening;let t=await e.service.collections(this.kind),{about:n,chosen:r}=e.service,i=t.length>1||e.state.overview?.can_sign_in?t[0]?.name:void 0,a=[r,n.collection].find(e=>t.some(t=>t.name===e))??i;a!==n.collection&&(e.service.about=a?{collection:a}:{}),this.collections=t,this.loaded=await this.load()},this.giveKey=()=>{this.kind===`reader`&&this.tried===this.look?this.app.session.signIn():this.tryTo(this.tried)},this.choose=e=>{let{service:t}=this.app.session;t.chosen=e,t.about={collection:e},this.begin(),this.reload()},this.collections=[],this.loaded=this.trouble=null}updated(){let{signIns:e}=this.app.session.state;this.busy||this.signIns===e||(this.signIns=e,this.tryTo(this.look))}render(){let{session:e}=this.app;return a`<div class="view">
<h1>${this.heading}</h1>
${m(this.collections,e.service.about.collection,this.choose)}
${this.trouble?a`<div class="note" role="status"><p>${this.trouble.detail}</p>
${i(this.trouble)?u(this.giveKey):f(this.trouble)?this.again():o}</div>`:o}
${this.loaded?this.content(this.loaded):this.trouble||e.state.keyWanted?o:a`<p class="waiting"><span></span>Loading</p>`}
</div>`}again(){return a`<button class="button" @click=${()=>this.tryTo(this.tried)}>Try again</button>`}begin(){this.loaded=null}async reload(){await this.tryTo(async()=>{this.loaded=await this.load()})}async tryTo(e){this.tried=e,this.busy++;try{this.trouble=null,await e()}catch(e){r(e)||(this.trouble=l(e))}this.busy--,this.requestUpdate()}};function v(e){return new Date(e).toLocaleString(void 0,{dateStyle:`medium`,timeStyle:`short`})}function y(e,t){return`${e} ${t}${e===1?``:`s`}`}var b=400,x=`urn:footnote:problem:deletions`,S=class extends _{static{this.properties={..._.properties,running:{state:!0},generations:{state:!0},note:{state:!0},changes:{state:!0}}}constructor(){super(),this.heading=`Docs`,this.ingest=(e,t=!1)=>this.tryTo(async()=>{this.clear();let{session:n}=this.app;this.running=await n.service.startIngest(e,t);let{id:r}=this.running,i=()=>this.running?.id===r&&this.isConnected;for(;i()&&this.running.state===`running`;){if(await new Promise(e=>setTimeout(e,b)),!i())return;this.running=await n.service.ingest(r)}await this.until(Number(this.running.report?.generation??0))}),this.compare=()=>this.tryTo(async()=>{this.clear(),this.changes=await this.app.session.service.changes()}),this.list=()=>this.tryTo(async()=>{this.clear(),this.generations=await this.app.session.service.generations()}),this.rollBack=e=>this.tryTo(async()=>{let{generations:t}=this;this.clear(),this.generations=t;let{service:n}=this.app.session;await n.rollBack(e),await this.until(e),this.note=`Generation ${e} is live.`,this.generations=await n.generations()}),this.running=this.generations=this.changes=null,this.note=``}begin(){super.begin(),this.running=null,this.clear()}clear(){this.running?.state!==`running`&&(this.running=null),this.generations=this.changes=null,this.note=``}load(){return this.app.session.service.index()}content(e){let t=Object.entries(e.languages).map(([e,t])=>`${e} ${t}`);return a`<dl class="facts">
<dt>Generation</dt><dd>${e.generation}, built ${v(e.created_at)}</dd>
<dt>Pages</dt><dd>${y(e.files,`page`)}, ${y(e.chunks,`passage`)}</dd>
<dt>Languages</dt><dd>${t.join(`, `)}</dd>
<dt>Folder</dt><dd>${e.docs_dir?a`<span class="path" dir="ltr">${e.docs_dir}</span>, `:o}read as ${e.flavour}</dd>
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
${t?this.progress(t):o}
${this.changes?this.differences(this.changes):o}
${this.note?a`<p class="note" role="status">${this.note}</p>`:o}
${this.generations?a`<ul class="list">${this.generations.map(t=>a`<li>
${t.generation}: ${v(t.created_at)}, ${y(t.files,`page`)}
${t.generation===e.generation?a`<strong>live</strong>`:a`<button class="link" @click=${()=>this.rollBack(t.generation)}>Make live</button>`}
</li>`)}</ul>`:o}`}differences({before:e,changes:t,docs_changes:n,docs_problem:r}){return a`<div role="status">
<p><strong>In the folder since:</strong> ${n?C(n):o} ${r}</p>
${e!==null&&t?a`<p><strong>Since generation ${e}:</strong> ${C(t)}</p>`:o}</div>`}progress(e){let{state:t,stage:n,done:r,total:i,report:s,problem:c}=e;return t===`failed`?a`<p class="note bad" role="alert">${c?.detail}
${c?.type===x?a`<button class="button quiet" @click=${()=>this.ingest(!1,!0)}>Remove them</button>`:o}</p>`:t===`done`?a`<p class="note" role="status">${s?.published?`Generation ${s.generation} is live.`:`Nothing had changed.`}</p>`:a`<label class="small">${n?`${n}: ${r} of ${i}`:`Starting`}
<progress max=${i||1} value=${r}></progress></label>`}async until(e){for(let t=0;t<20&&(this.loaded=await this.load(),e&&this.loaded.generation!==e);t++)await new Promise(e=>setTimeout(e,b));let{session:t}=this.app;await t.open(),this.collections=await t.service.collections()}};function C(e){let t=[`added`,`changed`,`deleted`].filter(t=>e[t].length);return t.length?a`<ul class="list">${t.map(t=>e[t].map(e=>a`<li>
${t} <span class="path" dir="ltr">${e}</span></li>`))}</ul>`:`nothing`}d(`footnote-docs`,S),d(`footnote-evaluation`,class extends _{constructor(...e){super(...e),this.heading=`Evaluation`}async load(){try{return await this.app.session.service.evaluation()}catch(e){if(l(e).status===404)return`none`;throw e}}content(e){return e===`none`?a`<p>Nothing was measured on these docs yet. <code>footnote eval</code> does it, with questions of yours.</p>`:a`<p>${v(e.created_at)}, ${e.mode}. ${e.summary}.</p>
<div class="wide" tabindex="0" role="group" aria-label="Metrics"><table>
<thead><tr><th scope="col">Metric</th><th scope="col" class="n">Mean</th><th scope="col" class="n">95 % interval</th>
<th scope="col" class="n">Questions</th></tr></thead>
<tbody>${e.metrics.map(e=>a`<tr>
<td>${e.metric}${e.about?a` <span class="small">${e.about}</span>`:o}</td>
<td class="n">${e.value.toFixed(3)}</td>
<td class="n">${e.low.toFixed(3)} to ${e.high.toFixed(3)}</td><td class="n">${e.questions}</td></tr>`)}
</tbody></table></div>
<section><h2>Missed (${e.missed})</h2>
<ul class="list">${e.misses.map(e=>a`<li dir="auto">${e.question}
<span class="small">${e.why}${e.expected.length?a`; expected <span class="path">${e.expected.join(`, `)}</span>`:o}</span></li>`)}</ul>
</section>`}});var w=class extends _{static{this.properties={..._.properties,note:{state:!0}}}constructor(){super(),this.heading=`Gaps`,this.kind=`admin`,this.copy=e=>this.tryTo(async()=>s(await this.app.session.service.gapAsIssue(e.question))),this.resolve=e=>this.tryTo(async()=>{let{answered:t,unanswered:n,not_judged:r}=await this.app.session.service.resolveGap(e.question);this.note=[t.length?`${y(t.length,`question`)} answered now.`:``,n.length?`${y(n.length,`question`)} still not answered.`:``,r.length?`${y(r.length,`question`)} cannot be judged by asking again, since an answer did not help: dismiss what is settled.`:``].join(` `),await this.reload()}),this.dismiss=e=>this.tryTo(async()=>{await this.app.session.service.dismissGap(e.question),this.note=`Dismissed: ${e.question}`,await this.reload()}),this.note=``}begin(){super.begin(),this.note=``}load(){return this.app.session.service.gaps()}content(e){let t=a`<p class=${this.note?`note`:`unseen`} role="status">${this.note}</p>`;return e.gaps.length?a`${t}<p>${y(e.questions,`question`)}, asked ${y(e.count,`time`)}, that the docs did not
answer, in groups of one meaning.</p>
${e.gaps.map(e=>this.gap(e))}
${e.not_shown?a`<p class="small">${y(e.not_shown,`group`)} more.</p>`:o}`:a`${t}<p>Nothing was asked that the docs did not answer.</p>`}gap(e){return a`<section class="gap">
<h2 dir="auto">${e.question}</h2>
<p class="small">Asked ${y(e.count,`time`)} (${e.refused} refused, ${e.unhelpful} not helpful), last
${v(e.last_asked)}</p>
${e.examples.length?a`<p class="small" dir="auto">Also: ${e.examples.map(e=>e.question).join(` · `)}</p>`:o}
${e.remarks.map(e=>e.comment?a`<p dir="auto">“${e.comment}”</p>`:o)}
${e.nearest.length?a`<p class="small">Near: ${e.nearest.map((e,t)=>a`${t?`; `:``}<span class="path"
dir="ltr">${e.path}</span>${e.heading_path.map(e=>` › ${e}`)}`)}</p>`:o}
<div class="actions">
<button class="button quiet" @click=${()=>this.ask(e)}>Ask again</button>
<button class="button quiet" @click=${()=>this.copy(e)}>Copy as an issue</button>
<button class="button quiet" title="Asks again, and leaves out what the docs answer by now"
@click=${()=>this.resolve(e)}>Resolve</button>
<button class="button quiet" title="Leaves it out until it is asked again"
@click=${()=>this.dismiss(e)}>Dismiss</button>
</div>
</section>`}ask(e){this.app.session.begin(),this.app.session.ask(e.question),location.hash=`#/`}};d(`footnote-gaps`,w);var T=[`lexical`,`vector`,`fused`,`reranked`],E=class extends t{static{this.properties={...t.properties,turn:{attribute:!1},found:{state:!0},missing:{state:!0},trouble:{state:!0}}}constructor(){super(),this.explain=async e=>{e.preventDefault();let t=this.querySelector(`input`)?.value.trim()??``;try{this.trouble=``;let{session:e}=this.app,n=e.state.collections.map(({name:e})=>e),{filters:r}=this.turn,[,i,a=t]=n.length>1&&/^([a-z0-9][a-z0-9-]*): *(.+)/.exec(t)||[],o=i??r.collection;if(n.length>1&&!n.includes(o??``)){let e=o?`There is no collection ${o}`:`Say of which collection the page is`;throw Error(`${e}: ${n.join(`, `)}`)}this.missing=await e.service.whyNot(this.asked,a,{...r,collection:o})}catch(e){this.missing=null,this.trouble=l(e).detail}},this.found=[],this.missing=null,this.trouble=``}connectedCallback(){super.connectedCallback();let{turn:e}=this;this.found=e.hits,this.found.length||this.app.session.service.search(this.asked,e.filters).then(({hits:e})=>this.found=e,e=>this.trouble=l(e).detail)}get asked(){return this.turn.answer?.asked_as??this.turn.question}render(){let{turn:e}=this,{answer:t}=e;return a`<div class="why">
<dl class="facts">
${t?.asked_as?a`<dt>Read as</dt><dd dir="auto">${t.asked_as}</dd>`:o}
${t?.searched.queries.length?a`<dt>Also searched</dt><dd dir="auto">${t.searched.queries.join(` · `)}</dd>`:o}
${t?.answerability==null?o:a`<dt>Answerable</dt><dd>${Math.round(t.answerability*100)} %, by what was found</dd>`}
<dt>Searched</dt><dd>${t?.searched.files} of ${t?.searched.total_files} pages${t?.generation?`, generation ${t.generation}`:o}</dd>
<dt>Written by</dt><dd>${t?.mode===`llm`?t.model:`nobody: quotes of the docs`}</dd>
</dl>
${this.found.length?this.passages(this.found):o} ${this.times(e.stages)} ${this.whyNot()}
</div>`}placed({collection:e}){return{generation:0,...this.turn.answer,collection:e}}passages(e){return a`<section><h3>Passages</h3>
<div class="wide" tabindex="0" role="group" aria-label="Passages"><table>
<thead><tr><th scope="col">Passage</th>${T.map(e=>a`<th scope="col" class="n">${e}</th>`)}</tr></thead>
<tbody>${e.map(e=>a`<tr>
<td><button class="link" @click=${t=>this.app.read(c(e.chunk,this.placed(e)),t.currentTarget)}
>${g(e.chunk)}</button><br><span class="path" dir="ltr">${n({...e.chunk,collection:e.collection})}, ${p(e.chunk)}</span></td>
${T.map(t=>{let n=e[t];return a`<td class="n">${n?a`${n.rank}<br><span class="small">${n.score.toFixed(2)}</span>`:`–`}</td>`})}</tr>`)}
</tbody></table></div>
<p class="small">Rank and, below it, score: BM25, cosine, both together, the reranker's logit.</p>
${this.ranks(e)}
</section>`}ranks(t){let n=Math.max(2,...t.flatMap(e=>T.map(t=>e[t]?.rank??1))),r=e=>14+Math.log(e)/Math.log(n)*92;return a`<svg class="ranks" viewBox="0 0 400 132" aria-hidden="true">
${T.map((t,n)=>e`<text x=${50+n*100} y="128" text-anchor="middle">${t}</text>`)}
${t.map(t=>{let n=T.flatMap((e,n)=>{let i=t[e]?.rank;return i?[{x:50+n*100,y:r(i),rank:i}]:[]});return e`<g><polyline points=${n.map(({x:e,y:t})=>`${e},${t}`).join(` `)}></polyline>
${n.map(({x:t,y:n,rank:r})=>e`<circle cx=${t} cy=${n} r="9"></circle><text x=${t} y=${n+4} text-anchor="middle">${r}</text>`)}</g>`})}
</svg>`}times(e){if(!e.length)return o;let t=Math.max(...e.map(e=>e.ms),1);return a`<section><h3>Time</h3><table><tbody>${e.map(e=>a`<tr>
<th scope="row">${e.name}</th><td class="n">${e.ms.toFixed(+(e.ms<10))} ms</td><td class="n">${e.count}</td>
<td><svg class="bar" width=${Math.max(1,Math.round(e.ms/t*120))} height="8" aria-hidden="true"></svg></td>
</tr>`)}</tbody></table></section>`}whyNot(){let{missing:e}=this,t=!this.turn.filters.collection&&this.app.session.state.collections.length>1;return a`<section><h3>Why not another page?</h3>
<form class="inline-form" @submit=${this.explain}>
<label>Its ${t?`COLLECTION: PATH`:`path`}, or PATH#HEADING <input name="page" required autocomplete="off" spellcheck="false"></label>
<button class="button">Explain</button>
</form>
<div role="status">
${this.trouble?a`<p class="note bad">${this.trouble}</p>`:o}
${e?a`<p>${e.reason}</p>${e.fix?a`<p class="small">${e.fix}</p>`:o}
${e.suggestions.length?a`<p class="small">Meant perhaps: ${e.suggestions.join(`, `)}</p>`:o}
<p class="small">${e.stages.map(({stage:e,best:t})=>`${e} ${t?.rank??`–`}`).join(` · `)}</p>`:o}
</div></section>`}};d(`footnote-why`,E),d(`footnote-ask`,h);