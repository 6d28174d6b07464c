/** A line of a page, and the part of it that is quoted. */
export interface Line {
  readonly number: number;
  readonly before: string;
  readonly quoted: string;
  readonly after: string;
}

/** A part of a page, by whole lines; `more` says whether there are others. */
export interface Excerpt {
  readonly lines: readonly Line[];
  readonly moreAbove: boolean;
  readonly moreBelow: boolean;
}

const LF = 10;
const CR = 13;

/** The lines that hold the bytes `start` to `end`, and up to `around` lines on both sides. */
export function excerptOf(page: Uint8Array, start: number, end: number, around: number): Excerpt {
  const starts = lineStarts(page);
  const first = Math.max(0, lineOf(starts, start) - around);
  const last = Math.min(starts.length - 1, lineOf(starts, Math.max(start, end - 1)) + around);
  const lines = [];
  for (let index = first; index <= last; index++) {
    lines.push(lineAt(page, starts, index, start, end));
  }
  return { lines, moreAbove: first > 0, moreBelow: last < starts.length - 1 };
}

/** Where each line begins; one ends at LF, CRLF or CR, and an empty last one is none. */
function lineStarts(page: Uint8Array): number[] {
  const starts = [0];
  for (let index = 0; index < page.length - 1; index++) {
    const byte = page[index];
    if (byte === LF || (byte === CR && page[index + 1] !== LF)) starts.push(index + 1);
  }
  return starts;
}

/** The bytes of whole lines, counted from 1. */
export function bytesOfLines(page: Uint8Array, first: number, last: number): { start: number; end: number } {
  const starts = lineStarts(page);
  const start = starts[Math.min(first, starts.length) - 1] ?? 0;
  return { start, end: starts[last] ?? page.length };
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low;
}

function lineAt(page: Uint8Array, starts: readonly number[], index: number, start: number, end: number): Line {
  const begins = starts[index] ?? 0;
  let ends = starts[index + 1] ?? page.length;
  while (ends > begins && (page[ends - 1] === LF || page[ends - 1] === CR)) ends--;
  const from = Math.min(Math.max(start, begins), ends);
  const to = Math.max(from, Math.min(end, ends));
  const text = (a: number, b: number) => new TextDecoder().decode(page.subarray(a, b));
  return { number: index + 1, before: text(begins, from), quoted: text(from, to), after: text(to, ends) };
}
