import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverEvents, type ServerEvent } from '../src/api/sse.js';

const STREAM = 'event: stage\ndata: {"a": 1}\n\n: ping\n\nevent: sentence\r\ndata: one\r\ndata:two\r\n\r\ndata: é…😀\n\nevent: cut\ndata: off';
const EVENTS: ServerEvent[] = [
  { event: 'stage', data: '{"a": 1}' },
  { event: 'sentence', data: 'one\ntwo' },
  { event: 'message', data: 'é…😀' },
];

function streamOf(bytes: Uint8Array, size: number, onCancel: () => void = () => undefined): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.subarray(at, (at += size)));
    },
    cancel: onCancel,
  });
}

async function collected(stream: ReadableStream<Uint8Array>): Promise<ServerEvent[]> {
  const found = [];
  for await (const event of serverEvents(stream)) found.push(event);
  return found;
}

test('events are the same however their bytes arrive', async () => {
  const bytes = new TextEncoder().encode(STREAM);
  for (let size = 1; size <= bytes.length; size++) {
    assert.deepEqual(await collected(streamOf(bytes, size)), EVENTS);
  }
});

test('who stops listening ends the stream', async () => {
  let cancelled = false;
  const stream = streamOf(new TextEncoder().encode(STREAM), 40, () => (cancelled = true));
  for await (const event of serverEvents(stream)) {
    assert.equal(event.event, 'stage');
    break;
  }
  assert.ok(cancelled);
});

test('a stream that breaks raises what broke it', async () => {
  const stream = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new TypeError('network')) });
  await assert.rejects(collected(stream), /network/);
});
