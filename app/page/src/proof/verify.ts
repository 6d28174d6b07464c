import type { Citation } from '../api/types.js';
import { differing, type Difference } from './differing.js';

/**
 * What became of a citation when this browser looked at the page's bytes.
 *
 * `verified`: the bytes have the citation's SHA-256 and are its quote. `same`: they are its quote, byte for byte, where
 * the browser computes no hash. `differs`: they are something else. `unread`: the page could not be had. `since` is what
 * became of the quote in the live generation, where the citation is of another one.
 */
export type Proof =
  | { readonly state: 'checking' }
  | { readonly state: 'verified'; readonly sha256: string; readonly since?: Since }
  | { readonly state: 'same'; readonly since?: Since }
  | { readonly state: 'differs'; readonly sha256: string | null; readonly difference: Difference }
  | { readonly state: 'unread'; readonly why: string };

export interface Since {
  readonly live: number;
  readonly quote: 'held' | 'changed' | 'gone';
}

type Quoted = Pick<Citation, 'start' | 'end' | 'quote' | 'sha256'>;

/** Compare the bytes of a page with what a citation says of them. `subtle` is missing outside https and localhost. */
export async function verified(
  page: Uint8Array,
  citation: Quoted,
  subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle,
): Promise<Proof> {
  const found = page.slice(citation.start, citation.end);
  const isQuote = sameBytes(found, new TextEncoder().encode(citation.quote));
  const sha256 = subtle ? hex(await subtle.digest('SHA-256', found)) : null;
  if (isQuote && (sha256 === null || sha256 === citation.sha256)) {
    return sha256 === null ? { state: 'same' } : { state: 'verified', sha256 };
  }
  return { state: 'differs', sha256, difference: differing(citation.quote, new TextDecoder().decode(found)) };
}

/** Whether a page holds a quote anywhere, byte for byte. */
export function holds(page: Uint8Array, quote: string): boolean {
  const wanted = new TextEncoder().encode(quote);
  for (let at = page.indexOf(wanted[0] ?? -1); at >= 0; at = page.indexOf(wanted[0] ?? -1, at + 1)) {
    if (sameBytes(page.subarray(at, at + wanted.length), wanted)) return true;
  }
  return false;
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

function hex(hash: ArrayBuffer): string {
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
