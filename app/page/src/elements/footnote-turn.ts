import { html, nothing, type TemplateResult } from 'lit';
import type { Citation } from '../api/types.js';
import { pageOf, placeOf, placeOfCitation, titleOf } from '../state/place.js';
import type { Turn } from '../state/turn.js';
import { linesOf } from '../text/export.js';
import { rendered, type Marks } from '../text/markdown.js';
import { withSoftSentences } from '../text/soft.js';
import { keyButton } from './header.js';
import { define, Part } from './part.js';
import './footnote-actions.js';
import './footnote-sources.js';

/** One question with its answer, as far as that is written. */
export class FootnoteTurn extends Part {
  static override properties = { ...Part.properties, turn: { attribute: false } };
  declare turn: Turn;

  override render() {
    const { turn } = this;
    const askedAs = turn.answer?.asked_as ?? turn.notices.find((notice) => notice.kind === 'asked as')?.text;
    return html`<article class="turn" aria-busy=${turn.progress === 'asking'}>
      <h2 class="question" dir="auto">${turn.question}</h2>
      ${askedAs ? html`<p class="small asked-as">Read as: <span dir="auto">${askedAs}</span></p>` : nothing}
      ${turn.refusal ? this.refusal() : this.answer()} ${this.ending()} ${this.dropped()}
      <footnote-sources .app=${this.app} .turn=${turn}></footnote-sources>
      ${turn.progress === 'done' ? html`<footnote-actions .app=${this.app} .turn=${turn}></footnote-actions>` : nothing}
    </article>`;
  }

  private answer() {
    const { turn } = this;
    if (!turn.said.length) return turn.progress === 'asking' ? this.waiting() : nothing;
    return html`<div class="prose">${rendered(withSoftSentences(turn.said), this.marks())}</div>
      ${turn.progress === 'asking' ? html`<p class="waiting"><span></span></p>` : nothing}`;
  }

  private waiting() {
    const last = this.turn.stages.at(-1)?.name;
    const what = last === 'rerank' || this.turn.hits.length ? 'Writing, and checking each sentence' : 'Searching the docs';
    return html`<p class="waiting"><span></span>${what}</p>`;
  }

  private refusal() {
    const { refusal, answer } = this.turn;
    if (!refusal) return nothing;
    const { nearest, reason, markdown } = refusal;
    const found = answer ?? { generation: 0 };
    return html`<div class="prose refusal">${rendered(markdown, this.marks())}</div>
      ${reason ? html`<p class="small">${reason[0]?.toUpperCase()}${reason.slice(1)}.</p>` : nothing}
      ${nearest.length
        ? html`<h3 class="label">Nearest sections</h3>
            <ul class="nearest">${nearest.map(
              (section) => html`<li><button class="source" @click=${(event: Event) =>
                this.app.read(placeOf(section, found), event.currentTarget as HTMLElement)}>
                <span class="where">${titleOf(section)}</span>
                <span class="path" dir="ltr">${pageOf(section)}, ${linesOf(section)}</span>
              </button></li>`,
            )}</ul>`
        : nothing}`;
  }

  private ending() {
    const { turn } = this;
    const { session } = this.app;
    const isKeyAsked = turn.problem?.status === 401;
    const isOpen = isKeyAsked && session.state.overview?.can_sign_in;
    const again = html`<button class="button" @click=${() => session.ask(turn.question)}>Ask ${isOpen ? 'without a key' : 'again'}</button>`;
    if (turn.progress === 'failed') {
      return html`<div class="note bad" role="alert"><p>${turn.problem?.detail} ${isKeyAsked ? 'The question was not asked.' : nothing}</p>
        ${isOpen ? keyButton(() => void session.signIn()) : nothing} ${again}</div>`;
    }
    if (turn.progress === 'broken') {
      return html`<div class="note bad" role="alert">
        <p>The connection broke before the answer was complete. What stands here was checked; the rest is missing.</p>
        ${again}
      </div>`;
    }
    if (turn.progress === 'stopped') return html`<p class="note">Stopped: the answer is not complete.</p>`;
    const shown = turn.notices.filter((notice) => ['truncated', 'check failed', 'unknown markers', 'model failed'].includes(notice.kind));
    const isToldOpen = turn.isOpenOnly && (turn.refusal || session.isKeyLost);
    return html`${isToldOpen ? html`<p class="note">Asked without a key: only what is open to all was searched.</p>` : nothing}
      ${shown.map((notice) => html`<p class="note" dir="auto">${notice.text}</p>`)}`;
  }

  private dropped() {
    const { turn } = this;
    const dropped = turn.answer?.dropped ?? [];
    if (!dropped.length) return nothing;
    const [what, them] = dropped.length === 1 ? ['1 sentence', 'it'] : [`${dropped.length} sentences`, 'them'];
    return html`<details class="dropped">
      <summary>${what} left out: the docs do not support ${them}</summary>
      <ul>${dropped.map((one) => html`<li dir="auto"><del>${one.text}</del> <span class="small">${one.reason}</span></li>`)}</ul>
    </details>`;
  }

  private marks(): Marks {
    const { citations, said } = this.turn;
    const reasons = said.filter((one) => one.verdict === 'unverified' || one.verdict === 'unsupported');
    return {
      citation: (number) => {
        const citation = citations.find((one) => one.number === number);
        return citation ? this.chip(citation) : `[${number}]`;
      },
      verdict: (verdict) => {
        const reason = reasons.shift()?.reason;
        const label = verdict === 'unverified' ? 'Not verified' : 'Not supported';
        return html`<span class="verdict" tabindex="0" role="note" title=${reason || label}
          aria-label="${label}${reason ? `: ${reason}` : ''}">${verdict === 'unverified' ? '?' : '!'}</span>`;
      },
    };
  }

  private chip(citation: Citation): TemplateResult {
    const label = `Source ${citation.number}: ${pageOf(citation)}, ${linesOf(citation)}`;
    const proof = this.app.reading.proofOf(citation)?.state ?? '';
    return html`<button class="chip ${proof}" aria-label=${label} title=${label}
      aria-current=${this.app.place?.citation === citation ? 'true' : nothing}
      @click=${this.opens(citation)}>${citation.number}</button>`;
  }

  private opens(citation: Citation) {
    return (event: Event) => this.app.read(placeOfCitation(citation), event.currentTarget as HTMLElement);
  }
}

define('footnote-turn', FootnoteTurn);
