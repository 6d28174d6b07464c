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
  const ends = markdown.trimEnd().length;
  const line = markdown.lastIndexOf('\n', ends - 1) + 1;
  const signs = BLOCK_SIGNS.exec(markdown.slice(line, ends))?.[0].length ?? 0;
  const sentence = markdown.slice(line + signs, ends);
  // Of more than a line, and where a mark would break a fence or the row of a table, nothing is set.
  if (!sentence || one.text.includes('\n') || /^(?:\||```|~~~)/.test(sentence)) return markdown;
  return markdown.slice(0, line + signs) + SOFT_BEGINS + sentence + SOFT_ENDS + markdown.slice(ends);
}

const BLOCK_SIGNS = /^(?:[\s>]|[-*+] |\d{1,9}[.)] |#{1,6} )*/;
