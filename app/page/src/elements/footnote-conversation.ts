import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { isKeyWanted } from '../api/problems.js';
import type { Conversation } from '../state/conversations.js';
import { saveText } from '../text/clipboard.js';
import { conversationAsMarkdown } from '../text/export.js';
import { keyButton } from './header.js';
import { define, Part } from './part.js';

/** The questions and answers so far, and where the next question is written. */
export class FootnoteConversation extends Part {
  private turnsShown = 0;

  override render() {
    const { state } = this.app.session;
    const { turns } = state.conversation;
    return html`<div class="conversation ${turns.length ? '' : 'empty'}">
      ${turns.length ? this.toolbar() : this.welcome()}
      ${state.problem
        ? html`<div class="note bad" role="alert"><p>${state.problem.detail}</p>
            ${isKeyWanted(state.problem) ? keyButton(() => void this.app.session.signIn()) : nothing}</div>`
        : nothing}
      <div class="turns">
        ${repeat(
          turns,
          (turn) => turn.id,
          (turn) => html`<footnote-turn .app=${this.app} .turn=${turn}></footnote-turn>`,
        )}
      </div>
      <footnote-composer .app=${this.app}></footnote-composer>
      ${turns.length ? nothing : html`${this.suggestions()}${this.earlier()}`}
    </div>`;
  }

  /** A new question comes to the top; while its answer grows, nothing moves. */
  override updated(): void {
    const { turns } = this.app.session.state.conversation;
    if (turns.length > this.turnsShown && this.app.session.isAsking) {
      const smooth = !matchMedia('(prefers-reduced-motion: reduce)').matches;
      this.querySelector('footnote-turn:last-of-type')?.scrollIntoView({ block: 'start', behavior: smooth ? 'smooth' : 'auto' });
    }
    this.turnsShown = turns.length;
  }

  private welcome() {
    const { overview } = this.app.session.state;
    return html`<div class="welcome">
      <h1>Ask the docs</h1>
      <p>${overview
          ? html`Answers from ${overview.files} ${overview.files === 1 ? 'page' : 'pages'}. Every sentence names its
              source, and your browser can check it.`
          : 'Answers from your docs. Every sentence names its source, and your browser can check it.'}</p>
    </div>`;
  }

  private suggestions() {
    const questions = this.app.session.state.overview?.questions ?? [];
    if (!questions.length) return nothing;
    return html`<div class="suggestions" role="group" aria-label="Suggested questions">${questions.map(
      (question) => html`<button class="suggestion" dir="auto" @click=${() => this.app.session.ask(question)}>${question}</button>`,
    )}</div>`;
  }

  private earlier() {
    const { session } = this.app;
    const { earlier } = session.state;
    if (!earlier.length) return nothing;
    return html`<details class="earlier">
      <summary>Earlier conversations</summary>
      <ul>${earlier.map((one) => html`<li>
        <button class="link" dir="auto" @click=${() => session.begin(one)}>${firstQuestion(one)}</button>
        ${one.turns.length > 1 ? html`<span class="small">${one.turns.length} questions</span>` : nothing}
      </li>`)}</ul>
      <p class="small">They are kept in this browser alone.
        <button class="link" @click=${() => session.forgetAll()}>Forget them</button></p>
    </details>`;
  }

  private toolbar() {
    const { session } = this.app;
    return html`<div class="toolbar">
      <h1 class="unseen">Conversation</h1>
      <button class="button quiet" @click=${this.begin}>New conversation</button>
      <button class="button quiet" @click=${() =>
        saveText(conversationAsMarkdown(session.state.conversation.turns), 'conversation.md')}>Export</button>
    </div>`;
  }

  private readonly begin = (): void => {
    this.app.session.begin();
    if (this.app.place) this.app.closeReader();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('footnote-composer')?.focus());
  };
}

function firstQuestion(conversation: Conversation): string {
  return conversation.turns[0]?.question ?? '';
}

define('footnote-conversation', FootnoteConversation);
