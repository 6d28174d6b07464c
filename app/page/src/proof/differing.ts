/** Two texts: what they begin and end with alike, and what each has between. */
export interface Difference {
  readonly before: string;
  readonly cited: string;
  readonly found: string;
  readonly after: string;
}

/** Where two texts differ; whole characters, also outside the basic plane. */
export function differing(cited: string, found: string): Difference {
  const one = Array.from(cited);
  const other = Array.from(found);
  const most = Math.min(one.length, other.length);
  let begin = 0;
  while (begin < most && one[begin] === other[begin]) begin++;
  let end = 0;
  while (end < most - begin && one[one.length - 1 - end] === other[other.length - 1 - end]) end++;
  return {
    before: one.slice(0, begin).join(''),
    cited: one.slice(begin, one.length - end).join(''),
    found: other.slice(begin, other.length - end).join(''),
    after: one.slice(one.length - end).join(''),
  };
}
