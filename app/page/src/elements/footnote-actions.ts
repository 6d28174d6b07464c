import { html, nothing } from 'lit';
import { problemFrom } from '../api/problems.js';
import type { Turn } from '../state/turn.js';
import { copyText } from '../text/clipboard.js';
import { answerAsMarkdown } from '../text/export.js';
import './footnote-feedback.js';
import { define, Part } from './part.js';

/** What a reader does with a whole answer: copy, check, share, ask why, say whether it helped. */
export class FootnoteActions extends Part {
  static override properties = {
    ...Part.properties,
    turn: { attribute: false },
    explained: { state: true },
    copied: { state: true },
    shared: { state: true },
    trouble: { state: true },
  };
  declare turn: Turn;
  declare explained: boolean;
  declare copied: boolean;
  /** Where the answer is saved. */
  declare shared: string;
  declare trouble: string;

  constructor() {
    super();
    this.explained = this.copied = false;
    this.shared = this.trouble = '';
  }

  override render() {
    const { turn, app } = this;
    const { overview } = app.session.state;
    const asked = turn.answer?.collections; // an answer of several is not saved
    return html`<div class="actions">
        <button class="button quiet" @click=${this.copy}>${this.copied ? 'Copied' : 'Copy'}</button>
        ${turn.citations.length
          ? html`<button class="button quiet" @click=${() => app.checkAll(turn.citations)}>Check sources</button>`
          : nothing}
        ${overview?.can_share && turn.citations.length && !(asked && asked.length > 1)
          ? html`<button class="button quiet" @click=${this.share}>Share</button>`
          : nothing}
        ${app.isPage
          ? html`<button class="button quiet" aria-expanded=${this.explained}
              @click=${() => (this.explained = !this.explained)}>Why?</button>`
          : nothing}
        <footnote-feedback .app=${app} .turn=${turn}></footnote-feedback>
      </div>
      ${this.shared
        ? html`<p class="small" role="status">Saved and copied: <a href=${this.shared} target="_blank" rel="noopener"
            >${this.shared}</a>. Whoever has this address, and may read these
            docs, sees the answer, and whether they still hold it.</p>`
        : nothing}
      ${this.trouble ? html`<p class="note bad" role="alert">${this.trouble}</p>` : nothing}
      ${this.explained ? html`<footnote-why .app=${app} .turn=${turn}></footnote-why>` : nothing}`;
  }

  private readonly copy = async (): Promise<void> => {
    await copyText(answerAsMarkdown(this.turn));
    this.copied = true;
    this.app.session.tell('Copied');
    setTimeout(() => (this.copied = false), 2000);
  };

  private readonly share = async (): Promise<void> => {
    const { answer } = this.turn;
    if (!answer) return;
    try {
      this.trouble = '';
      this.shared = await this.app.session.service.share(answer);
      await copyText(this.shared).catch(() => undefined); // it is shown as well
    } catch (error) {
      this.trouble = `Not saved: ${problemFrom(error).detail}`;
    }
  };
}

define('footnote-actions', FootnoteActions);
