import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conversations } from '../src/state/conversations.js';
import { newTurn } from '../src/state/turn.js';

class Store {
  readonly kept = new Map<string, string>();
  constructor(private readonly room = Infinity) {}
  getItem(name: string): string | null {
    return this.kept.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    if (value.length > this.room) throw new DOMException('full', 'QuotaExceededError');
    this.kept.set(name, value);
  }
  removeItem(name: string): void {
    this.kept.delete(name);
  }
}

const conversation = (id: string, turns = 1) => ({
  id,
  turns: Array.from({ length: turns }, (_, at) => newTurn(`question ${at}`, `${id}-${at}`)),
});

test('the newest conversation comes first, and a question that was under way is broken', () => {
  const kept = new Conversations('c', new Store());
  kept.keep(conversation('one'));
  kept.keep(conversation('two'));
  kept.keep(conversation('one', 2));
  assert.deepEqual(kept.all().map(({ id, turns }) => [id, turns.length, turns[0]?.progress]), [['one', 2, 'broken'], ['two', 1, 'broken']]);
});

test('old conversations and turns go where there is no room', () => {
  const kept = new Conversations('c', new Store());
  for (let at = 0; at < 30; at++) kept.keep(conversation(`c${at}`, 40));
  assert.deepEqual([kept.all().length, kept.all()[0]?.turns.length], [20, 30]);
  const small = new Conversations('c', new Store(1500));
  for (let at = 0; at < 30; at++) small.keep(conversation(`c${at}`));
  assert.ok(small.all().length >= 1);
  assert.equal(small.all()[0]?.id, 'c29');
});

test('what is no conversation of this version is none', () => {
  const store = new Store();
  for (const text of ['{', '{"version": 0, "conversations": [1]}', '[]', 'null', '{"version": 1}']) {
    store.setItem('c', text);
    assert.deepEqual(new Conversations('c', store).all(), []);
  }
  assert.deepEqual(new Conversations('c', null).all(), []);
});
