import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, QueryEvent, Said } from '../src/api/types.js';
import { after, ended, historyOf, markdownOf, newTurn, type Turn } from '../src/state/turn.js';

const said = (markdown: string): QueryEvent => ({
  event: 'sentence',
  data: { markdown, text: markdown.trim(), citations: [], verdict: 'supported', reason: '' } satisfies Said,
});
const done = (question: string, asked_as: string | null = null): QueryEvent => ({
  event: 'done',
  data: { question, asked_as, citations: [] } as unknown as Answer,
});
const turnOf = (question: string, ...events: QueryEvent[]): Turn => events.reduce(after, newTurn(question, question));

test('sentences put together are the answer', () => {
  const turn = turnOf('q', said('One. '), said('Two.'), done('q'));
  assert.equal(markdownOf(turn), 'One. Two.');
  assert.equal(turn.progress, 'done');
});

test('what came before an error is not shown', () => {
  const problem = { type: 't', title: 'LLM', status: 502, detail: 'it failed' };
  const turn = turnOf('q', said('One.'), { event: 'error', data: problem });
  assert.deepEqual([turn.progress, turn.said, turn.problem], ['failed', [], problem]);
});

test('a stream that ends before its answer is broken, unless it was stopped', () => {
  const half = turnOf('q', said('One.'));
  assert.equal(ended(half, false).progress, 'broken');
  assert.equal(ended(half, true).progress, 'stopped');
  assert.equal(ended(turnOf('q', done('q')), true).progress, 'done');
});

test('an event of a later version changes nothing', () => {
  const turn = turnOf('q', said('One.'));
  assert.equal(after(turn, { event: 'weather', data: {} } as unknown as QueryEvent), turn);
});

test('the history is the last four answered turns as they were read, cut to what may be sent', () => {
  const turns = ['a', 'b', 'c', 'd', 'e'].map((name) => turnOf(name, said(name.repeat(3000)), done(name)));
  const history = historyOf([...turns, turnOf('follow', said('f'), done('follow', 'whole question')), turnOf('unanswered')]);
  assert.deepEqual(history.map((turn) => turn.question), ['c', 'd', 'e', 'whole question']);
  assert.equal(history[0]?.answer.length, 2000);
});
