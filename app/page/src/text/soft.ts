import type { Said } from '../api/types.js';

/** Around a sentence that the docs do not prove; characters that no text of the docs needs. */
export const SOFT_BEGINS = '\ue000';
export const SOFT_ENDS = '\ue001';

/** The answer so far, with marks around each sentence that its passages do not prove. */
export function withSoftSentences(said: readonly Said[]): string {
  return said.map(softened).join('');
}

function softened(one: Said): string {
  const markdown = one.markdown.replace(/[\ue000\ue001]/g, '');
  if (one.verdict !== 'unverified' && one.verdict !== 'unsupported') return markdown;
  const text = one.text.trim();
  const start = text ? markdown.indexOf(text) : -1;
  // A fence or a row of a table would be broken by a mark in it.
  if (start < 0 || /\n|^[|`~]/.test(text)) return markdown;
  const before = markdown.slice(0, start);
  return before + SOFT_BEGINS + text + SOFT_ENDS + markdown.slice(start + text.length);
}
