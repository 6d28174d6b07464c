import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coloured } from '../src/text/code.js';
import { decoded } from '../src/text/entities.js';
import { rendered, webAddress } from '../src/text/markdown.js';
import { SOFT_BEGINS, SOFT_ENDS, withSoftSentences } from '../src/text/soft.js';
import type { Said } from '../src/api/types.js';

test('only addresses of the web and of mail are followed', () => {
  for (const href of ['https://a.example/x', 'HTTP://a.example', 'mailto:a@b.example', 'h\tttps://a.example']) {
    assert.ok(webAddress(href), href);
  }
  for (const href of ['javascript:alert(1)', ' java\nscript:alert(1)', 'data:text/html,x', '&#106;avascript:x', '//a.example', 'page.md', '']) {
    assert.equal(webAddress(href), null, href);
  }
});

test('a task is shown with its box, and a table as it is aligned', () => {
  const tasks = JSON.stringify(rendered('- [ ] open\n- [x] done\n'));
  assert.ok(tasks.includes('☐') && tasks.includes('☑') && !tasks.includes('[ ]'), tasks);
  assert.ok(JSON.stringify(rendered('| a | b |\n|---|--:|\n| 1 | 2 |\n')).includes('"right"'));
});

test('character references are what they stand for, once', () => {
  assert.equal(decoded('&lt;b&gt; &amp;lt; &#39;&#x2014;&nbsp;&unknown; &#0;'), '<b> &lt; \'—\u00a0&unknown; \ufffd');
});

test('coloured code put together is the code', () => {
  const codes = [
    '$ docker compose run --rm app  # once\n',
    '{"a": [1, 2.5, "x\\"y"], \'b\': null}',
    'key: value\n- other-key: "text"\n',
    'def f(x):\n    return `a` + \'unclosed\n/* never closed',
    'const π = "😀"; // https://a.example\nSELECT * FROM t -- all\n',
  ];
  for (const code of codes) {
    assert.equal(coloured(code, 'any').map((one) => one.text).join(''), code);
  }
});

test('what is coloured has its kind', () => {
  const kinds = Object.fromEntries(coloured('$ run --fast "a b" 42 # why\n', 'console').map((one) => [one.text, one.kind]));
  assert.deepEqual(kinds, {
    $: 'prompt', ' run ': 'plain', '--fast': 'key', ' ': 'plain', '"a b"': 'string', 42: 'number', '# why': 'comment', '\n': 'plain',
  });
  assert.deepEqual(coloured('SELECT 1', 'text'), [{ kind: 'plain', text: 'SELECT 1' }]);
});

test('hostile code is coloured in time', () => {
  for (const code of ['/*'.repeat(9000), '"'.repeat(19_000), '<!--'.repeat(4900), '`a'.repeat(9000), '- '.repeat(9000), ' '.repeat(19_000)]) {
    const began = performance.now();
    coloured(code, 'x');
    assert.ok(performance.now() - began < 2000, code.slice(0, 4));
  }
});

const sentence = (markdown: string, text: string, verdict: Said['verdict']): Said => ({ markdown, text, verdict, citations: [], reason: '' });

test('a sentence that is not proved is set softly, without what stands before it', () => {
  const answer = withSoftSentences([
    sentence('## Ports\n\nIt listens. [1]', 'It listens.', 'supported'),
    sentence('\n\n- It is `blue` [1] [?].', 'It is `blue`.', 'unverified'),
    sentence('\n\n| a | b |\n| 1 | 2 |', '| 1 | 2 |', 'unverified'),
  ]);
  assert.equal(answer, `## Ports\n\nIt listens. [1]\n\n- ${SOFT_BEGINS}It is \`blue\` [1] [?].${SOFT_ENDS}\n\n| a | b |\n| 1 | 2 |`);
});

test('text of the docs cannot set itself softly', () => {
  assert.equal(withSoftSentences([sentence(`a${SOFT_BEGINS}b`, 'ab', 'supported')]), 'ab');
});
