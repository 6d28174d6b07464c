import { html, nothing } from 'lit';
import type { Citation } from '../api/types.js';
import { pageOf, placeOfCitation, titleOf } from '../state/place.js';
import type { Turn } from '../state/turn.js';
import { linesOf, sourceOf } from '../text/export.js';
import { define, Part } from './part.js';
import { proofBadge } from './proof.js';

/** What an answer cites, and what became of each citation here. */
export class FootnoteSources extends Part {
  static override properties = { ...Part.properties, turn: { attribute: false } };
  declare turn: Turn;

  override render() {
    const { turn } = this;
    if (!turn.citations.length) return nothing;
    const quotes = new Set(turn.citations.map((citation) => citation.quote));
    const isQuoted = turn.said.every((one) => quotes.has(one.text));
    return html`<h3 class="label">Sources</h3>
      <ol class="sources">${turn.citations.map((one, at) => this.source(one, turn.citations[at - 1], isQuoted))}</ol>`;
  }

  private source(citation: Citation, before: Citation | undefined, isQuoted: boolean) {
    const isSamePage = before?.path === citation.path && before.collection === citation.collection;
    const isSameSection = isSamePage && titleOf(before) === titleOf(citation);
    const isOpen = this.app.place?.citation === citation;
    return html`<li>
      <button class="source" aria-current=${isOpen ? 'true' : nothing} @click=${(event: Event) =>
        this.app.read(placeOfCitation(citation), event.currentTarget as HTMLElement)}>
        <span class="number">${citation.number}</span>
        ${isSameSection ? nothing : html`<span class="where" dir="auto">${titleOf(citation)}</span>`}
        <span class="path" dir="ltr">${pageOf(citation)}, ${linesOf(citation)}</span>
        ${citation.source ? html`<span class="path" dir="ltr">${sourceOf(citation)}</span>` : nothing}
        ${proofBadge(this.app.reading.proofOf(citation))}
        ${isQuoted ? nothing : html`<span class="quote" dir="auto">${previewOf(citation.quote)}</span>`}
      </button>
      ${citation.also_at.length
        ? html`<p class="small also">Also at ${citation.also_at.map((at) => `${pageOf(at)}, ${linesOf(at)}`).join('; ')}</p>`
        : nothing}
      ${shownOn(citation)}
    </li>`;
  }
}

/** The beginning of a quote without the signs of its markdown, for a list. */
function previewOf(quote: string): string {
  return quote.slice(0, PREVIEW_CHARS).replace(/^[\s#>*-]+|`+\w*\n|[`*]|\n#+ /g, (signs) => (signs.includes('\n') ? ' ' : ''));
}

/** The pages that show a file which is none; an answer that an older service saved says nothing of it. */
function shownOn(citation: Citation) {
  const pages = (citation.included_by as string[] | undefined) ?? [];
  const more = pages.length > MOST_PAGES ? ` and ${pages.length - MOST_PAGES} more` : '';
  return pages.length ? html`<p class="small also">Shown on ${pages.slice(0, MOST_PAGES).join(', ')}${more}</p>` : nothing;
}

const PREVIEW_CHARS = 300;
const MOST_PAGES = 3;

define('footnote-sources', FootnoteSources);
