import { html, nothing, svg } from 'lit';
import { problemFrom } from '../api/problems.js';
import type { Hit, Stage, WhyNot } from '../api/types.js';
import { pageOf, placeOf, titleOf } from '../state/place.js';
import type { Turn } from '../state/turn.js';
import { linesOf } from '../text/export.js';
import { define, Part } from './part.js';

const STAGES = ['lexical', 'vector', 'fused', 'reranked'] as const;

/** Why an answer is as it is: what each stage found, and what it took; and why a page is not among it. */
export class FootnoteWhy extends Part {
  static override properties = {
    ...Part.properties,
    turn: { attribute: false },
    found: { state: true },
    missing: { state: true },
    trouble: { state: true },
  };
  declare turn: Turn;
  /** What the answer was written from; of a refusal, what came first. */
  declare found: readonly Hit[];
  declare missing: WhyNot | null;
  declare trouble: string;

  constructor() {
    super();
    this.found = [];
    this.missing = null;
    this.trouble = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { turn } = this;
    this.found = turn.hits;
    if (this.found.length) return;
    this.app.session.service.search(this.asked, turn.filters).then(
      ({ hits }) => (this.found = hits),
      (error: unknown) => (this.trouble = problemFrom(error).detail),
    );
  }

  private get asked(): string {
    return this.turn.answer?.asked_as ?? this.turn.question;
  }

  override render() {
    const { turn } = this;
    const { answer } = turn;
    return html`<div class="why">
      <dl class="facts">
        ${answer?.asked_as ? html`<dt>Read as</dt><dd dir="auto">${answer.asked_as}</dd>` : nothing}
        ${answer?.searched.queries.length
          ? html`<dt>Also searched</dt><dd dir="auto">${answer.searched.queries.join(' · ')}</dd>`
          : nothing}
        ${answer?.answerability != null
          ? html`<dt>Answerable</dt><dd>${Math.round(answer.answerability * 100)} %, by what was found</dd>`
          : nothing}
        <dt>Searched</dt><dd>${answer?.searched.files} of ${answer?.searched.total_files} pages${
          answer?.generation ? `, generation ${answer.generation}` : nothing}</dd>
        <dt>Written by</dt><dd>${answer?.mode === 'llm' ? answer.model : 'nobody: quotes of the docs'}</dd>
      </dl>
      ${this.found.length ? this.passages(this.found) : nothing} ${this.times(turn.stages)} ${this.whyNot()}
    </div>`;
  }

  private placed({ collection }: Hit) {
    return { generation: 0, ...this.turn.answer, collection };
  }

  private passages(hits: readonly Hit[]) {
    return html`<section><h3>Passages</h3>
      <div class="wide" tabindex="0" role="group" aria-label="Passages"><table>
        <thead><tr><th scope="col">Passage</th>${STAGES.map((stage) => html`<th scope="col" class="n">${stage}</th>`)}</tr></thead>
        <tbody>${hits.map((hit) => html`<tr>
          <td><button class="link" @click=${(event: Event) =>
            this.app.read(placeOf(hit.chunk, this.placed(hit)), event.currentTarget as HTMLElement)}
            >${titleOf(hit.chunk)}</button><br><span class="path" dir="ltr">${pageOf({ ...hit.chunk, collection: hit.collection })}, ${linesOf(hit.chunk)}</span></td>
          ${STAGES.map((stage) => {
            const at = hit[stage];
            return html`<td class="n">${at ? html`${at.rank}<br><span class="small">${at.score.toFixed(2)}</span>` : '–'}</td>`;
          })}</tr>`)}
        </tbody></table></div>
      <p class="small">Rank and, below it, score: BM25, cosine, both together, the reranker's logit.</p>
      ${this.ranks(hits)}
    </section>`;
  }

  /** How the passages moved from stage to stage: a line each, the first rank on top. The table says the same. */
  private ranks(hits: readonly Hit[]) {
    const lowest = Math.max(2, ...hits.flatMap((hit) => STAGES.map((stage) => hit[stage]?.rank ?? 1)));
    const place = (rank: number) => 14 + (Math.log(rank) / Math.log(lowest)) * 92;
    return html`<svg class="ranks" viewBox="0 0 400 132" aria-hidden="true">
      ${STAGES.map((stage, at) => svg`<text x=${50 + at * 100} y="128" text-anchor="middle">${stage}</text>`)}
      ${hits.map((hit) => {
        const points = STAGES.flatMap((stage, at) => {
          const rank = hit[stage]?.rank;
          return rank ? [{ x: 50 + at * 100, y: place(rank), rank }] : [];
        });
        return svg`<g><polyline points=${points.map(({ x, y }) => `${x},${y}`).join(' ')}></polyline>
          ${points.map(({ x, y, rank }) => svg`<circle cx=${x} cy=${y} r="9"></circle><text x=${x} y=${y + 4} text-anchor="middle">${rank}</text>`)}</g>`;
      })}
    </svg>`;
  }

  private times(stages: readonly Stage[]) {
    if (!stages.length) return nothing;
    const longest = Math.max(...stages.map((stage) => stage.ms), 1);
    return html`<section><h3>Time</h3><table><tbody>${stages.map((stage) => html`<tr>
      <th scope="row">${stage.name}</th><td class="n">${stage.ms.toFixed(stage.ms < 10 ? 1 : 0)} ms</td><td class="n">${stage.count}</td>
      <td><svg class="bar" width=${Math.max(1, Math.round((stage.ms / longest) * 120))} height="8" aria-hidden="true"></svg></td>
    </tr>`)}</tbody></table></section>`;
  }

  private whyNot() {
    const { missing } = this;
    const isOfSeveral = !this.turn.filters.collection && this.app.session.state.collections.length > 1;
    return html`<section><h3>Why not another page?</h3>
      <form class="inline-form" @submit=${this.explain}>
        <label>Its ${isOfSeveral ? 'COLLECTION: PATH' : 'path'}, or PATH#HEADING <input name="page" required autocomplete="off" spellcheck="false"></label>
        <button class="button">Explain</button>
      </form>
      <div role="status">
        ${this.trouble ? html`<p class="note bad">${this.trouble}</p>` : nothing}
        ${missing
          ? html`<p>${missing.reason}</p>${missing.fix ? html`<p class="small">${missing.fix}</p>` : nothing}
              ${missing.suggestions.length ? html`<p class="small">Meant perhaps: ${missing.suggestions.join(', ')}</p>` : nothing}
              <p class="small">${missing.stages.map(({ stage, best }) => `${stage} ${best?.rank ?? '–'}`).join(' · ')}</p>`
          : nothing}
      </div></section>`;
  }

  private readonly explain = async (event: Event): Promise<void> => {
    event.preventDefault();
    const page = this.querySelector('input')?.value.trim() ?? '';
    try {
      this.trouble = '';
      const { session } = this.app;
      const names = session.state.collections.map(({ name }) => name);
      const { filters } = this.turn;
      const [, named, rest = page] = (names.length > 1 && /^([a-z0-9][a-z0-9-]*): *(.+)/.exec(page)) || [];
      const collection = named ?? filters.collection;
      if (names.length > 1 && !names.includes(collection ?? '')) {
        const what = collection ? `There is no collection ${collection}` : 'Say of which collection the page is';
        throw new Error(`${what}: ${names.join(', ')}`);
      }
      this.missing = await session.service.whyNot(this.asked, rest, { ...filters, collection });
    } catch (error) {
      this.missing = null;
      this.trouble = problemFrom(error).detail;
    }
  };
}

define('footnote-why', FootnoteWhy);
