import { html, nothing, type PropertyValues } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { bytesOfLines, excerptOf, type Line } from '../proof/lines.js';
import { pageOf, titleOf, type Place } from '../state/place.js';
import { linesOf, sourceOf } from '../text/export.js';
import { renderedPage } from '../text/markdown.js';
import { icons } from './icons.js';
import { define, Part } from './part.js';
import { proofBadge, proofDetail } from './proof.js';

const AROUND_LINES = 60;

/** The page that is cited, at its lines, and whether it holds what is quoted. */
export class FootnoteReader extends Part {
  static override properties = {
    ...Part.properties,
    page: { state: true },
    around: { state: true },
    asPage: { state: true },
  };
  declare page: Uint8Array | null;
  declare around: number;
  declare asPage: boolean;
  private place: Place | null = null;

  constructor() {
    super();
    this.page = null;
    this.around = AROUND_LINES;
    this.asPage = false;
  }

  override render() {
    const { place } = this.app;
    if (!place) return nothing;
    const proof = place.citation ? this.app.reading.proofOf(place.citation) : undefined;
    return html`<aside class="reader" aria-label="Source" tabindex="-1">
      <header>
        <div class="row">
          <h2>${place.citation ? html`<span class="number">${place.citation.number}</span>` : nothing}
            <span dir="auto">${place.heading_path.at(-1) ?? place.title}</span></h2>
          ${place.citation
            ? html`<button class="icon" aria-label="Previous source" title="Previous source (p)"
                  @click=${() => this.app.step(-1)}>${icons.previous}</button>
                <button class="icon" aria-label="Next source" title="Next source (n)"
                  @click=${() => this.app.step(1)}>${icons.next}</button>`
            : nothing}
          <button class="icon" aria-label="Close the source" title="Close (Esc)"
            @click=${() => this.app.closeReader()}>${icons.close}</button>
        </div>
        <p class="small" dir="auto">${titleOf({ ...place, heading_path: place.heading_path.slice(0, -1) })}</p>
        <p class="small where"><span class="path" dir="ltr">${pageOf(place)}, ${linesOf(place)}</span>
          ${this.links(place)}</p>
        ${place.citation?.source
          ? html`<p class="small">Imported from <span class="path" dir="ltr">${sourceOf(place.citation)}</span></p>`
          : nothing}
        ${proof
          ? html`<details class="proof proof-${proof.state}" ?open=${proof.state === 'differs'}>
              <summary>${proofBadge(proof)}<span class="unseen"> How this is known</span></summary>
              ${proofDetail(proof)}
            </details>`
          : nothing}
      </header>
      ${this.text(place)}
    </aside>`;
  }

  override willUpdate(): void {
    const { place } = this.app;
    if (!place || place === this.place) return;
    const before = this.place;
    const isSame = before?.path === place.path && before.collection === place.collection;
    if (!isSame || before.generation !== place.generation) this.page = null;
    this.place = place;
    this.around = AROUND_LINES;
    this.app.reading.page(place).then(
      (page) => this.place === place && (this.page = page),
      () => undefined, // the proof says why
    );
  }

  override updated(changed: PropertyValues): void {
    if (this.place && !this.app.place) this.place = this.page = null;
    if (this.place && this.place !== this.shown) {
      this.querySelector<HTMLElement>('.reader')?.focus({ preventScroll: true });
    }
    if (this.place !== this.shown || changed.has('page') || changed.has('asPage')) {
      this.querySelector('.quoted')?.scrollIntoView({ block: 'center' });
    }
    this.shown = this.place;
  }

  private shown: Place | null = null;

  private links(place: Place) {
    const { service } = this.app.session;
    return html`<a href=${service.viewUrl(place)} target="_blank" rel="noopener">Whole page</a>
      ${place.url && /^https?:/i.test(place.url)
        ? html`<a href=${place.url} target="_blank" rel="noopener noreferrer">On the site</a>`
        : nothing}
      <button class="link" @click=${() => (this.asPage = !this.asPage)}>${this.asPage ? 'Lines' : 'As a page'}</button>`;
  }

  private text(place: Place) {
    const { page } = this;
    if (!page) {
      return place.citation ? html`<blockquote class="prose quoted" dir="auto">${place.citation.quote}</blockquote>` : nothing;
    }
    const { start, end } = place.citation ?? bytesOfLines(page, place.start_line, place.end_line);
    const drawn = [page, start, end, this.around, this.asPage];
    return guard(drawn, () => (this.asPage ? this.blocks(page, start, end) : this.lines(page, start, end)));
  }

  private blocks(page: Uint8Array, start: number, end: number) {
    return html`<div class="prose page">${asPage(page, start, end)}</div>`;
  }

  private lines(page: Uint8Array, start: number, end: number) {
    const { lines, moreAbove, moreBelow } = excerptOf(page, start, end, this.around);
    const more = html`<button class="link more" @click=${() => (this.around *= 8)}>More lines</button>`;
    return html`<div class="lines" role="group" aria-label="Lines of the page" tabindex="0">
      ${moreAbove ? more : nothing}${lines.map((line) => this.line(line))}${moreBelow ? more : nothing}
    </div>`;
  }

  private line(line: Line) {
    return html`<div class="line ${line.quoted ? 'quoted' : ''}"><span class="at" aria-hidden="true">${line.number}</span
      ><span class="text" dir="auto">${line.before}${line.quoted ? html`<mark>${line.quoted}</mark>` : nothing}${line.after}</span></div>`;
  }
}

function asPage(page: Uint8Array, start: number, end: number) {
  const text = (from: number, to: number) => new TextDecoder().decode(page.subarray(from, to)).replace(/\r\n?/g, '\n');
  const before = text(0, start).length;
  return renderedPage(text(0, page.length), before, before + text(start, end).length);
}

define('footnote-reader', FootnoteReader);
