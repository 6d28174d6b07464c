import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { differing } from '../src/proof/differing.js';
import { bytesOfLines, excerptOf } from '../src/proof/lines.js';
import { holds, verified } from '../src/proof/verify.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const PAGE = '# Ports\r\n\r\nRelay lauscht auf 7070 – „immer“.\nEnd\n';
const QUOTE = 'Relay lauscht auf 7070 – „immer“.';

function cite(page: string, quote: string) {
  const start = bytes(page.slice(0, page.indexOf(quote))).length;
  const sha256 = createHash('sha256').update(quote).digest('hex');
  return { start, end: start + bytes(quote).length, quote, sha256 };
}

test('a page holds a quote wherever it stands, and only as a whole', () => {
  for (const page of [QUOTE, `Neu.\n\n${PAGE}`, `RRelay ${QUOTE}`]) assert.ok(holds(bytes(page), QUOTE), page);
  for (const page of ['', 'R', QUOTE.slice(0, -1), QUOTE.replace('7070', '8080')]) assert.ok(!holds(bytes(page), QUOTE), page);
});

test('the bytes that are quoted are verified by their hash', async () => {
  const citation = cite(PAGE, QUOTE);
  assert.deepEqual(await verified(bytes(PAGE), citation), { state: 'verified', sha256: citation.sha256 });
});

test('without SubtleCrypto the bytes are compared, and no hash is claimed', async () => {
  assert.deepEqual(await verified(bytes(PAGE), cite(PAGE, QUOTE), null as unknown as SubtleCrypto), { state: 'same' });
});

test('any other byte differs, and it is shown which', async () => {
  const proof = await verified(bytes(PAGE.replace('7070', '7071')), cite(PAGE, QUOTE));
  assert.equal(proof.state, 'differs');
  assert.deepEqual(proof.state === 'differs' && proof.difference, {
    before: 'Relay lauscht auf 707',
    cited: '0',
    found: '1',
    after: ' – „immer“.',
  });
});

test('a quote that is not what its hash says differs, although the page is as it was', async () => {
  const citation = cite(PAGE, QUOTE);
  assert.equal((await verified(bytes(PAGE), { ...citation, quote: 'Relay lauscht auf 7071 – „immer“.' })).state, 'differs');
  assert.equal((await verified(bytes(PAGE), { ...citation, sha256: '0'.repeat(64) })).state, 'differs');
  assert.equal((await verified(bytes(''), citation)).state, 'differs');
});

test('differences are of whole characters', () => {
  assert.deepEqual(differing('a😀b', 'a😁b'), { before: 'a', cited: '😀', found: '😁', after: 'b' });
  assert.deepEqual(differing('aa', 'a'), { before: 'a', cited: 'a', found: '', after: '' });
});

test('lines end at LF, CRLF and CR, and the quote is marked exactly', () => {
  const page = bytes('one\r\ntwo\rthrée\nfour\n');
  const { start, end } = cite('one\r\ntwo\rthrée\nfour\n', 'o\rthr');
  assert.deepEqual(excerptOf(page, start, end, 1), {
    lines: [
      { number: 1, before: 'one', quoted: '', after: '' },
      { number: 2, before: 'tw', quoted: 'o', after: '' },
      { number: 3, before: '', quoted: 'thr', after: 'ée' },
      { number: 4, before: '', quoted: '', after: 'four' },
    ],
    moreAbove: false,
    moreBelow: false,
  });
});

test('an excerpt says that there is more', () => {
  const page = bytes(Array.from({ length: 100 }, (_, line) => `line ${line + 1}`).join('\n'));
  const { start, end } = bytesOfLines(page, 50, 51);
  const { lines, moreAbove, moreBelow } = excerptOf(page, start, end, 2);
  assert.deepEqual(lines.map((line) => [line.number, line.quoted]), [[48, ''], [49, ''], [50, 'line 50'], [51, 'line 51'], [52, ''], [53, '']]);
  assert.ok(moreAbove && moreBelow);
});

test('places outside the page are no error', () => {
  assert.equal(excerptOf(bytes(''), 5, 9, 3).lines.length, 1);
  assert.deepEqual(bytesOfLines(bytes('a\nb'), 7, 9), { start: 2, end: 3 });
});
