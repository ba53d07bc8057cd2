// What is not a message of an agent that publishes, or of its coordinator, is refused, whatever it is.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FromProducer, ToProducer } from '../../load/coordinator/rota/producer-messages.ts';
import { decodePayload, encodePayload } from './payload.ts';
import { readFromProducer, readToProducer } from './producer-readable.ts';

const SENT = { kind: 'sent', block: 1, first: 0, events: 2, sentMicros: 5e6, answeredMicros: 5.1e6 } as const;
const REFUSED = { ok: false, kind: 'refused', problem: 'no', status: 429, accepted: 1 } as const;
const SAID: readonly FromProducer[] = [
  { kind: 'accepted', block: 0, offsetMicros: -3.5, errorMicros: 0 },
  { kind: 'declined', block: 7, problem: 'nothing listens there' },
  { ...SENT, outcome: { ok: true, accepted: 2 } },
  { ...SENT, outcome: REFUSED },
  { kind: 'done', block: 1, unsent: 0 },
];
const TO_PRODUCER: readonly ToProducer[] = [
  {
    kind: 'open',
    options: { broadcastUrl: 'http://hub/broadcast', headers: [['a', 'b']], takesBatches: true },
  },
  { kind: 'offer', block: 0, fromMicros: 1e6, untilMicros: 2e6, texts: ['{}'], dues: [1_000_001] },
  { kind: 'go', block: 0, requestEvents: 32 },
  { kind: 'end', block: 0 },
];

it('takes each of our messages as it comes over the bus', () => {
  const overBus = (message: unknown) => decodePayload(encodePayload(message));
  for (const message of SAID) expect(readFromProducer(overBus(message))).toEqual(message);
  for (const message of TO_PRODUCER) expect(readToProducer(overBus(message))).toEqual(message);
});

const wrong = fc.constantFrom(undefined, null, -1, Number.NaN, Number.POSITIVE_INFINITY, 'x', {}, true);

it('takes none of which a field is something else', () => {
  const optional = ['accepted', 'refused', 'status'];
  const spoil = (message: object, read: (value: unknown) => unknown) =>
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(message)), wrong, (key, value) => {
        fc.pre(!Object.is(value, (message as Record<string, unknown>)[key]));
        fc.pre(!(typeof value === 'string' && ['problem', 'broadcastUrl'].includes(key)));
        fc.pre(!(value === -1 && ['offsetMicros', 'fromMicros', 'untilMicros'].includes(key)));
        fc.pre(!(value === undefined && optional.includes(key)));
        fc.pre(!(key === 'ok' && value === true));
        expect(() => read({ ...message, [key]: value })).toThrow('says');
      }),
    );
  for (const message of SAID) spoil(message, readFromProducer);
  spoil(REFUSED, (outcome) => readFromProducer({ ...SENT, outcome }));
  for (const message of TO_PRODUCER) spoil(message, readToProducer);
});

it('takes nothing else', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(() => readFromProducer(value)).toThrow();
      expect(() => readToProducer(value)).toThrow();
    }),
  );
  expect(() => readFromProducer({ ...SENT, answeredMicros: 4e6, outcome: REFUSED })).toThrow();
});
