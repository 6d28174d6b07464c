import { html, nothing } from 'lit';
import { problemFrom } from '../api/problems.js';
import { markdownOf, type Turn } from '../state/turn.js';
import { icons } from './icons.js';
import { define, Part } from './part.js';

type Vote = 'helpful' | 'unhelpful';

/** Whether an answer helped, with a comment; of a refusal, that the docs should say it. */
export class FootnoteFeedback extends Part {
  static override properties = { ...Part.properties, turn: { attribute: false }, vote: { state: true }, note: { state: true } };
  declare turn: Turn;
  declare vote: Vote | null;
  declare note: string;

  constructor() {
    super();
    this.vote = null;
    this.note = '';
  }

  override render() {
    if (!this.app.session.state.overview?.keeps_questions) return nothing;
    return html`${this.turn.answer?.refused ? this.missing() : this.thumbs()}
      ${this.vote && !this.note ? this.comment() : nothing}
      ${this.note ? html`<p class="small" role="status">${this.note}</p>` : nothing}`;
  }

  private thumbs() {
    return html`<span class="thumbs">
      <button class="icon" aria-pressed=${this.vote === 'helpful'} aria-label="This helped" title="This helped"
        @click=${() => this.choose('helpful')}>${icons.up}</button>
      <button class="icon" aria-pressed=${this.vote === 'unhelpful'} aria-label="This did not help"
        title="This did not help" @click=${() => this.choose('unhelpful')}>${icons.down}</button>
    </span>`;
  }

  private missing() {
    if (this.vote) return nothing;
    return html`<button class="button" @click=${() => this.choose('unhelpful')}>Tell those who write the docs</button>`;
  }

  private comment() {
    return html`<form class="comment" @submit=${this.send}>
      <label>${this.turn.answer?.refused ? 'What did you expect to find? (optional)' : 'What should they know? (optional)'}
        <textarea name="comment" rows="2" maxlength="2000" dir="auto"></textarea></label>
      <button class="button">Send</button>
      <button type="button" class="button quiet" @click=${() => (this.vote = null)}>Cancel</button>
    </form>`;
  }

  private choose(vote: Vote): void {
    this.vote = vote;
    this.note = '';
    void this.updateComplete.then(() => {
      this.querySelector('textarea')?.focus({ preventScroll: true });
      // The composer lies over the end of the page.
      this.querySelector('.comment')?.scrollIntoView({ block: 'nearest' });
    });
  }

  private readonly send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { turn, vote } = this;
    const comment = this.querySelector('textarea')?.value.trim() || null;
    try {
      await this.app.session.service.feedback({
        question: turn.answer?.asked_as ?? turn.question,
        helpful: vote === 'helpful',
        answer: markdownOf(turn).slice(0, 4000),
        comment,
        citations: turn.citations.slice(0, 50).map(({ path, heading_path, collection }) => ({ path, heading_path, collection })),
      });
      this.note = 'Thank you, it is kept for those who write the docs.';
    } catch (error) {
      this.note = `Not sent: ${problemFrom(error).detail}`;
    }
  };
}

define('footnote-feedback', FootnoteFeedback);
