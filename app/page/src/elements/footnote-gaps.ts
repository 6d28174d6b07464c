import { html, nothing } from 'lit';
import type { Gap, Gaps } from '../api/types.js';
import { copyText } from '../text/clipboard.js';
import { define } from './part.js';
import { counted, View, when } from './view.js';

/** What was asked and the docs did not answer. */
export class FootnoteGaps extends View<Gaps> {
  static override properties = { ...View.properties, note: { state: true } };
  declare note: string;
  protected readonly heading = 'Gaps';
  protected override readonly kind = 'admin';

  constructor() {
    super();
    this.note = '';
  }

  protected override begin(): void {
    super.begin();
    this.note = '';
  }

  protected load(): Promise<Gaps> {
    return this.app.session.service.gaps();
  }

  protected content(gaps: Gaps) {
    const note = html`<p class=${this.note ? 'note' : 'unseen'} role="status">${this.note}</p>`;
    if (!gaps.gaps.length) return html`${note}<p>Nothing was asked that the docs did not answer.</p>`;
    return html`${note}<p>${counted(gaps.questions, 'question')}, asked ${counted(gaps.count, 'time')}, that the docs did not
        answer, in groups of one meaning.</p>
      ${gaps.gaps.map((gap) => this.gap(gap))}
      ${gaps.not_shown ? html`<p class="small">${counted(gaps.not_shown, 'group')} more.</p>` : nothing}`;
  }

  private gap(gap: Gap) {
    return html`<section class="gap">
      <h2 dir="auto">${gap.question}</h2>
      <p class="small">Asked ${counted(gap.count, 'time')} (${gap.refused} refused, ${gap.unhelpful} not helpful), last
        ${when(gap.last_asked)}</p>
      ${gap.examples.length
        ? html`<p class="small" dir="auto">Also: ${gap.examples.map((one) => one.question).join(' · ')}</p>`
        : nothing}
      ${gap.remarks.map((one) => (one.comment ? html`<p dir="auto">“${one.comment}”</p>` : nothing))}
      ${gap.nearest.length
        ? html`<p class="small">Near: ${gap.nearest.map((one, place) => html`${place ? '; ' : ''}<span class="path"
            dir="ltr">${one.path}</span>${one.heading_path.map((heading) => ` › ${heading}`)}`)}</p>`
        : nothing}
      <div class="actions">
        <button class="button quiet" @click=${() => this.ask(gap)}>Ask again</button>
        <button class="button quiet" @click=${() => this.copy(gap)}>Copy as an issue</button>
        <button class="button quiet" title="Asks again, and leaves out what the docs answer by now"
          @click=${() => this.resolve(gap)}>Resolve</button>
        <button class="button quiet" title="Leaves it out until it is asked again"
          @click=${() => this.dismiss(gap)}>Dismiss</button>
      </div>
    </section>`;
  }

  private ask(gap: Gap): void {
    this.app.session.begin();
    void this.app.session.ask(gap.question);
    location.hash = '#/';
  }

  private readonly copy = (gap: Gap): Promise<void> =>
    this.tryTo(async () => copyText(await this.app.session.service.gapAsIssue(gap.question)));

  private readonly resolve = (gap: Gap): Promise<void> =>
    this.tryTo(async () => {
      const { answered, unanswered, not_judged } = await this.app.session.service.resolveGap(gap.question);
      this.note = [
        answered.length ? `${counted(answered.length, 'question')} answered now.` : '',
        unanswered.length ? `${counted(unanswered.length, 'question')} still not answered.` : '',
        not_judged.length
          ? `${counted(not_judged.length, 'question')} cannot be judged by asking again, since an answer did not help: dismiss what is settled.`
          : '',
      ].join(' ');
      await this.reload();
    });

  private readonly dismiss = (gap: Gap): Promise<void> =>
    this.tryTo(async () => {
      await this.app.session.service.dismissGap(gap.question);
      this.note = `Dismissed: ${gap.question}`;
      await this.reload();
    });
}

define('footnote-gaps', FootnoteGaps);
