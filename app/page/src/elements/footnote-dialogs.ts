import { html, nothing, type TemplateResult } from 'lit';
import { icons } from './icons.js';
import { define, Part } from './part.js';

const KEYS: [string, string][] = [
  ['/', 'write a question'],
  ['Enter', 'ask; Shift and Enter begins a new line'],
  ['n  p', 'next and previous source of the answer'],
  ['Esc', 'stop the answer, close the source or this'],
  ['?', 'this list'],
];

/** What is asked or told in front of everything else: a key, the keyboard. */
export class FootnoteDialogs extends Part {
  static override properties = { ...Part.properties, help: { state: true } };
  declare help: boolean;

  constructor() {
    super();
    this.help = false;
  }

  override render() {
    const { keyWanted } = this.app.session.state;
    if (keyWanted) return this.dialog('Use a key', this.key(), this.answer);
    return this.help ? this.dialog('Keyboard', this.keyboard(), () => (this.help = false)) : nothing;
  }

  override updated(): void {
    const dialog = this.querySelector('dialog');
    if (dialog && dialog !== this.shown) dialog.showModal();
    this.shown = dialog;
  }

  /** What was opened: it is closed a moment before it is told, and must not be opened again by then. */
  private shown: HTMLDialogElement | null = null;

  private dialog(title: string, content: TemplateResult, close: () => void) {
    const closed = (): void => {
      this.shown = null;
      close();
    };
    return html`<dialog aria-label=${title} @close=${closed}>
      <div class="row"><h2>${title}</h2>
        <button class="icon" aria-label="Close" @click=${this.close}>${icons.close}</button></div>
      ${content}
    </dialog>`;
  }

  private keyboard() {
    return html`<dl class="keys">${KEYS.map(
      ([keys, what]) => html`<dt>${keys.split('  ').map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${what}</dd>`,
    )}</dl>`;
  }

  private key() {
    const { service, state } = this.app.session;
    return html`<form @submit=${this.submit}>
      <p>${state.keyWanted?.why}</p>
      <p class="small">This tab keeps it until it is closed${service.isHere
        ? ', and a cookie for the links to pages until the browser is closed. “Sign out” on top of the page ends both'
        : nothing}.</p>
      <label>Key <input name="key" type="password" autocomplete="off" required autofocus></label>
      <button class="button primary">Use it</button>
    </form>`;
  }

  private readonly close = (): void => this.querySelector('dialog')?.close();

  private readonly submit = (event: Event): void => {
    event.preventDefault();
    this.typed = this.querySelector('input')?.value.trim() || null;
    if (this.typed) this.close();
  };

  /** After the dialog is closed, which gives the focus back to where it was; where that was nowhere, to the question. */
  private readonly answer = (): void => {
    const { typed } = this;
    this.typed = null;
    const root = this.getRootNode() as ShadowRoot;
    // What had the focus may still have it, though it is shown no more.
    if (document.activeElement === document.body || this.contains(root.activeElement)) root.querySelector<HTMLElement>('footnote-composer')?.focus();
    this.app.session.answerKey(typed);
  };

  private typed: string | null = null;
}

define('footnote-dialogs', FootnoteDialogs);
