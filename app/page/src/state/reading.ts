import { isAbort, problemFrom } from '../api/problems.js';
import type { Service } from '../api/service.js';
import type { Citation, Page } from '../api/types.js';
import { holds, verified, type Proof, type Since } from '../proof/verify.js';

const MOST_PAGES = 8;

/** The pages that this browser fetched, and what became of the citations that it checked against them. */
export class Reading {
  private readonly pages = new Map<string, Promise<Uint8Array>>();
  private readonly proofs = new Map<string, Proof>();

  constructor(
    private readonly service: Service,
    private readonly changed: () => void,
  ) {}

  /** What is known of a citation; undefined before it was looked at. */
  proofOf(citation: Citation): Proof | undefined {
    return this.proofs.get(keyOf(citation));
  }

  /** Fetch the page that is cited and compare; what could not be read is tried again. */
  async check(citation: Citation): Promise<void> {
    const known = this.proofOf(citation);
    if (known && known.state !== 'unread') return;
    this.note(citation, { state: 'checking' });
    try {
      const proof = await verified(await this.page(citation), citation);
      this.note(citation, proof);
      if (proof.state === 'verified' || proof.state === 'same') await this.look(citation, proof);
    } catch (error) {
      if (!isAbort(error)) this.note(citation, { state: 'unread', why: problemFrom(error).detail });
    }
  }

  /** Add what became of a quote of an earlier generation; where that cannot be told, the proof stays as it is. */
  private async look(citation: Citation, proof: Proof): Promise<void> {
    try {
      const live = await this.service.liveGeneration(citation.collection);
      if (live === citation.generation) return;
      this.note(citation, { ...proof, since: { live, quote: await this.inLive(citation, live) } } as Proof);
    } catch {
      // The quote was compared all the same.
    }
  }

  private async inLive({ path, quote, collection }: Citation, live: number): Promise<Since['quote']> {
    try {
      return holds(await this.page({ generation: live, path, collection }), quote) ? 'held' : 'changed';
    } catch (error) {
      if (problemFrom(error).status === 404) return 'gone';
      throw error;
    }
  }

  /** The bytes of the page, as the citation's generation has them. */
  page(cited: Page): Promise<Uint8Array> {
    const key = `${cited.collection ?? ''}/${cited.generation}/${cited.path}`;
    const page = this.pages.get(key) ?? this.service.file(cited);
    this.pages.delete(key);
    this.pages.set(key, page);
    page.catch(() => this.pages.delete(key));
    for (const oldest of [...this.pages.keys()].slice(0, -MOST_PAGES)) this.pages.delete(oldest);
    return page;
  }

  private note(citation: Citation, proof: Proof): void {
    this.proofs.set(keyOf(citation), proof);
    this.changed();
  }
}

function keyOf({ collection, generation, path, start, end, sha256 }: Citation): string {
  return `${collection ?? ''}/${generation}/${path}:${start}-${end}:${sha256}`;
}
