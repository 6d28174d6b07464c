import { html, nothing } from 'lit';
import type { Filters } from '../state/turn.js';
import { chooser, titleOf } from './chooser.js';
import { icons } from './icons.js';
import { define, Part } from './part.js';

/** Where a question is written, and what it is narrowed to. */
export class FootnoteComposer extends Part {
  static override properties = { ...Part.properties, filtering: { state: true } };
  declare filtering: boolean;

  constructor() {
    super();
    this.filtering = false;
  }

  override render() {
    const { session } = this.app;
    const { filters } = session.state;
    const isNarrowed = Boolean(filters.collection || filters.path || filters.tags.length);
    return html`<form class="composer" @submit=${this.submit}>
      ${this.filtering ? this.filters() : nothing}
      <div class="field">
        <textarea
          name="question" rows="1" autocomplete="off" enterkeyhint="send" dir="auto"
          aria-label="Your question" placeholder="Ask the docs" @keydown=${this.typed}></textarea>
        <button
          type="button" class="icon ${isNarrowed ? 'on' : ''}" aria-expanded=${this.filtering}
          aria-label=${isNarrowed ? 'Narrowed: change where to search' : 'Choose where to search'}
          title="Where to search" @click=${() => (this.filtering = !this.filtering)}>${icons.filter}</button>
        ${session.isAsking
          ? html`<button type="button" class="icon primary" aria-label="Stop" title="Stop (Esc)"
              @click=${() => session.stop()}>${icons.stop}</button>`
          : html`<button class="icon primary" aria-label="Ask" title="Ask (Enter)">${icons.ask}</button>`}
      </div>
      ${isNarrowed && !this.filtering ? this.narrowed() : nothing}
    </form>`;
  }

  /** Put the cursor into the question. */
  override focus(): void {
    this.field?.focus();
  }

  private narrowed() {
    const { collections, filters } = this.app.session.state;
    const { collection, path, tags } = filters;
    const asked = collections.find((one) => one.name === collection);
    const name = asked ? titleOf(asked) : collection;
    return html`<p class="small narrowed">
      Only in <strong>${[name, path, ...tags.map((tag) => `#${tag}`)].filter(Boolean).join(' ')}</strong>
      <button type="button" class="link" @click=${() => this.app.session.filter({ path: '', tags: [] })}>Search
        everything</button>
    </p>`;
  }

  private filters() {
    const { overview, collections, filters } = this.app.session.state;
    const { collection, path, tags } = filters;
    const folders = overview?.folders ?? [];
    const isOther = path && !folders.some((folder) => folder.path === path);
    return html`<div class="filters" @keydown=${this.leave}>
      ${chooser(collections, collection, (chosen) => this.app.session.filter({ collection: chosen, path: '', tags: [] }), 'All')}
      <label>Folder
        <select @change=${(event: Event) => this.filter({ path: (event.target as HTMLSelectElement).value })}>
          <option value="" ?selected=${!path}>All pages${overview ? ` (${overview.files})` : ''}</option>
          ${isOther ? html`<option selected value=${path}>${path}</option>` : nothing}
          ${folders.map(
            (folder) => html`<option value=${folder.path} ?selected=${folder.path === path}>
              ${folder.path} (${folder.files})
            </option>`,
          )}
        </select>
      </label>
      ${overview?.tags.length
        ? html`<fieldset><legend>Tags</legend>${overview.tags.map(
            ({ tag }) => html`<button type="button" class="tag" aria-pressed=${tags.includes(tag)}
              @click=${() => this.filter({ tags: toggled(tags, tag) })}>${tag}</button>`,
          )}</fieldset>`
        : nothing}
    </div>`;
  }

  private filter(changed: Partial<Filters>): void {
    this.app.session.filter({ ...this.app.session.state.filters, ...changed });
  }

  private readonly typed = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.querySelector('form')?.requestSubmit();
  };

  /** Esc closes what is chosen from, and nothing else. */
  private readonly leave = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.filtering = false;
    this.querySelector<HTMLElement>('[aria-expanded]')?.focus();
  };

  private readonly submit = (event: Event): void => {
    event.preventDefault();
    const { field } = this;
    if (!field?.value.trim() || this.app.session.isAsking) return;
    const question = field.value;
    field.value = '';
    this.filtering = false;
    void this.app.session.ask(question);
  };

  private get field(): HTMLTextAreaElement | null {
    return this.querySelector('textarea');
  }
}

function toggled(tags: readonly string[], tag: string): string[] {
  return tags.includes(tag) ? tags.filter((one) => one !== tag) : [...tags, tag];
}

define('footnote-composer', FootnoteComposer);
