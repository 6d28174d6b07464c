import { html, nothing, type TemplateResult } from 'lit';
import type { Proof, Since } from '../proof/verify.js';

const WORDS: Record<Proof['state'], string> = {
  checking: 'checking …',
  verified: 'verified here',
  same: 'same bytes',
  differs: 'differs',
  unread: 'not checked',
};

/** What became of a citation, in two words. */
export function proofBadge(proof: Proof | undefined): TemplateResult | string {
  if (!proof) return '';
  const lost = sinceOf(proof)?.quote;
  const isLost = lost === 'changed' || lost === 'gone';
  return html`<span class="badge badge-${proof.state} ${isLost ? 'badge-lost' : ''}"
    >${WORDS[proof.state]}${isLost ? `, ${lost} since` : nothing}</span>`;
}

/** The same as a sentence that says how it is known. */
export function proofDetail(proof: Proof): TemplateResult {
  switch (proof.state) {
    case 'checking':
      return html`<p>Fetching the page and comparing its bytes …</p>`;
    case 'verified':
      return html`<p>
        Your browser fetched this page and computed the SHA-256 of the quoted bytes. It is the one of the citation:
        <code class="hash">${proof.sha256}</code>
      </p>${sinceThen(proof.since)}`;
    case 'same':
      return html`<p>
        Your browser compared the quoted bytes with the page: they are the same. It computes SHA-256 only on https or
        localhost, so the hash was not checked.
      </p>${sinceThen(proof.since)}`;
    case 'differs': {
      const { before, cited, found, after } = proof.difference;
      return html`<p>The page does not hold the quote at these bytes.</p>
        <div class="difference" dir="auto">
          <span>${tail(before)}</span><del>${cited || '(nothing)'}</del><ins>${found || '(nothing)'}</ins
          ><span>${after.slice(0, CONTEXT_CHARS)}</span>
        </div>
        <p class="small">Struck out is what was cited, underlined what stands there.
          ${proof.sha256 ? html`Its SHA-256 is <code class="hash">${proof.sha256}</code>` : ''}</p>`;
    }
    case 'unread':
      return html`<p>The page could not be fetched, so nothing was compared: ${proof.why}.</p>`;
  }
}

const SINCE: Record<Since['quote'], string> = {
  held: 'still holds the quote, word for word.',
  changed: 'does not hold the quote any more.',
  gone: 'does not have this page any more.',
};

function sinceOf(proof: Proof): Since | undefined {
  return proof.state === 'verified' || proof.state === 'same' ? proof.since : undefined;
}

function sinceThen(since: Since | undefined): TemplateResult | typeof nothing {
  return since ? html`<p>That is the generation which was asked. Generation ${since.live}, which is live, ${SINCE[since.quote]}</p>` : nothing;
}

const CONTEXT_CHARS = 200;

function tail(text: string): string {
  return text.length > CONTEXT_CHARS ? `…${text.slice(-CONTEXT_CHARS)}` : text;
}
