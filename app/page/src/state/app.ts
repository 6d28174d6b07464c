import type { Citation } from '../api/types.js';
import { placeOfCitation, type Place } from './place.js';
import { Reading } from './reading.js';
import { Session } from './session.js';
import type { Filters, Turn } from './turn.js';

/** All that the parts of one embedding share; tells them of every change. */
export class App extends EventTarget {
  readonly session: Session;
  readonly reading: Reading;
  /** What the reader shows, if it is open. */
  place: Place | null = null;
  private origin: HTMLElement | null = null;

  constructor(
    base: URL,
    filters: Filters,
    readonly isPage: boolean,
  ) {
    super();
    this.session = new Session(base, filters, this.changed);
    this.reading = new Reading(this.session.service, this.changed);
  }

  /** Open the reader; `origin` gets the focus back when it is closed. */
  read(place: Place, origin: HTMLElement | null = this.origin): void {
    this.place = place;
    this.origin = origin;
    if (place.citation) void this.reading.check(place.citation);
    this.changed();
  }

  closeReader(): void {
    this.place = null;
    this.changed();
    const { origin } = this;
    this.origin = null;
    queueMicrotask(() => origin?.isConnected && origin.focus());
  }

  /** To the next citation of the answer that is read, or of the last one. */
  step(by: 1 | -1): void {
    const all = this.turnRead()?.citations ?? [];
    if (!all.length) return;
    const at = all.findIndex((one) => one === this.place?.citation);
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length];
    if (next) this.read(placeOfCitation(next));
  }

  /** Check every source of an answer, as far as it is not checked yet. */
  async checkAll(citations: readonly Citation[]): Promise<void> {
    for (const citation of citations) await this.reading.check(citation);
  }

  private turnRead(): Turn | undefined {
    const { turns } = this.session.state.conversation;
    const citation = this.place?.citation;
    return (
      turns.find((turn) => citation && turn.citations.includes(citation)) ??
      turns.findLast((turn) => turn.citations.length > 0)
    );
  }

  private readonly changed = (): void => {
    this.dispatchEvent(new Event('change'));
  };
}
