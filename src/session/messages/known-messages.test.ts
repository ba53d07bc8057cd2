// What is remembered of messages: each is read once, whoever receives it again, and never taken for another.
import { describe, expect, it } from 'vitest';
import { createKnownMessages } from './known-messages.ts';

const event = (message: string, padding = '') =>
  Buffer.from(JSON.stringify({ type: 'a.b', appId: 'app', payload: { message, padding } }));

function counting() {
  const seen: unknown[] = [];
  const messages = createKnownMessages((envelope) => {
    seen.push(envelope.payload.message);
    return seen.length;
  });
  return { messages, seen };
}

describe('createKnownMessages', () => {
  it('reads the same bytes once', () => {
    const { messages, seen } = counting();
    expect(messages.read(event('one'))).toMatchObject({ kind: 'event', type: 'a.b', reading: 1 });
    expect(messages.read(event('two'))).toMatchObject({ reading: 2 });
    expect(messages.read(event('one'))).toMatchObject({ reading: 1 });
    expect(seen).toEqual(['one', 'two']);
  });

  it('does not take a message for another that begins like it and is as long', () => {
    const { messages } = counting();
    const padding = 'x'.repeat(1_000);
    expect(messages.read(event('one', `${padding}a`))).toMatchObject({ reading: 1 });
    expect(messages.read(event('one', `${padding}b`))).toMatchObject({ reading: 2 });
    expect(messages.read(event('one', `${padding}a`))).toMatchObject({ reading: 3 });
  });

  it('forgets the oldest when it keeps too much', () => {
    const { messages, seen } = counting();
    const large = 'x'.repeat(10 * 1024 * 1024);
    for (const name of ['one', 'two', 'three', 'three', 'one']) messages.read(event(name, large));
    expect(seen).toEqual(['one', 'two', 'three', 'one']);
  });

  it('distinguishes several objects, what is not JSON and what is not an envelope', () => {
    const { messages } = counting();
    const read = (text: string) => messages.read(Buffer.from(text));
    expect(read('{"a":1}\n{"b":2}')).toMatchObject({ kind: 'merged', pieces: ['{"a":1}', '{"b":2}'] });
    expect(read(' [{"a":1},{"b":2}]')).toMatchObject({ kind: 'merged', pieces: ['{"a":1}', '{"b":2}'] });
    expect(read('[{"a":1}]')).toMatchObject({ kind: 'fault', fault: 'envelope' });
    expect(read('{"a":')).toMatchObject({ kind: 'fault', fault: 'json' });
    expect(read('{"a":1}')).toMatchObject({ kind: 'fault', fault: 'envelope' });
    expect(read('null')).toMatchObject({ kind: 'fault', fault: 'envelope' });
  });

  it('says how a message is on the wire', () => {
    const { messages } = counting();
    const payload = event('one');
    const known = messages.read(payload);
    expect(known.frame()).toMatchObject({ opcode: 1, isFinal: true, payloadBytes: payload.length });
    expect(known.frame()).toBe(known.frame());
  });
});
