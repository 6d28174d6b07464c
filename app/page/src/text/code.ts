/** A stretch of code of one kind; `plain` has no colour. */
export interface Coloured {
  kind: 'plain' | 'comment' | 'string' | 'number' | 'key' | 'word' | 'prompt';
  text: string;
}

const MOST_CHARS = 20_000; // longer code stays plain
const WORDS =
  'and as async await break case catch class const continue def do elif else end enum except export extends false False ' +
  'finally fn for from func function if impl import in interface is lambda let match mut new nil None not null or ' +
  'package pass private pub public raise return self static struct super switch then this throw true True try type ' +
  'undefined use var void while with yield SELECT FROM WHERE INSERT UPDATE DELETE CREATE TABLE ALTER JOIN ON';
const NO_COLOUR = new Set(['text', 'txt', 'plain', 'plaintext', 'output', 'none', 'log']);
// What most languages have in common; each part takes what it began, closed or not, so that time is linear.
const SCANNER = new RegExp(
  [
    String.raw`(?<prompt>^(?:\$|>>>|>|PS>)(?= ))`,
    String.raw`(?<comment>(?<=^|\s)#(?!!).*|(?<=^|\s)//.*|(?<=^|\s)-- .*|/\*(?:[^*]|\*(?!/))*(?:\*/)?|<!--(?:[^-]|-(?!->))*(?:-->)?)`,
    String.raw`(?<key>"(?:[^"\\\n]|\\.)*"(?=\s{0,4}:)|(?<=^[ \t]{0,40}(?:- )?)[\w.-]+(?=:(?:\s|$)|[ \t]{0,9}=(?!=))|(?<=\s)--?[a-zA-Z][\w-]*)`,
    String.raw`(?<string>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|${'`'}(?:[^${'`'}\\]|\\.)*${'`'}?)`,
    String.raw`(?<number>\b\d[\w.]*)`,
    String.raw`(?<word>\b(?:${WORDS.split(' ').join('|')})\b)`,
    String.raw`(?<other>[\p{L}_][\p{L}\p{N}_]*)`,
  ].join('|'),
  'gmu',
);

/** The code in stretches that may be coloured; put together they are the code. */
export function coloured(code: string, language: string): Coloured[] {
  if (NO_COLOUR.has(language) || code.length > MOST_CHARS) return [{ kind: 'plain', text: code }];
  const found: Coloured[] = [];
  let end = 0;
  for (const match of code.matchAll(SCANNER)) {
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? ['other'];
    if (kind === 'other') continue;
    if (match.index > end) found.push({ kind: 'plain', text: code.slice(end, match.index) });
    found.push({ kind: kind as Coloured['kind'], text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < code.length) found.push({ kind: 'plain', text: code.slice(end) });
  return found;
}
