// What an agent may say of the block that it publishes, and what it may not: nothing of that gets into the account.
import { expect, it } from 'vitest';
import type { DueEvent } from '../../plan/schedule.ts';
import type { ProducerSeat, SentRequest } from './producer-messages.ts';
import { Turn } from './turn.ts';

const FROM = 5_000_000;
const NOW = FROM + 600_000;
const SENT: SentRequest = {
  ...{ block: 4, first: 0, events: 2, sentMicros: FROM + 500_000, answeredMicros: FROM + 501_000 },
  outcome: { ok: true, accepted: 2 },
};

function going(): Turn {
  const envelope = { type: 'x', appId: 'a', payload: {} } as unknown as DueEvent['envelope'];
  const events = [0.4, 500_000, 900_000].map((inside) => ({ dueMicros: FROM + inside, envelope }));
  const texts = ['a', 'b', 'c'];
  const turn = new Turn(
    { ...{ number: 4, fromMicros: FROM, untilMicros: FROM + 1e6, firstSequence: 70 }, events, texts },
    {} as ProducerSeat,
  );
  turn.state = 'going';
  return turn;
}

it('takes what an agent has sent when it was due, and that it is done', () => {
  const turn = going();
  turn.take(SENT, NOW);
  expect(turn.reports).toMatchObject([{ kind: 'answered', firstSequence: 70, texts: ['a', 'b'] }]);
  turn.done(1);
  expect(turn.state).toBe('here');
});

it.each<[string, Partial<SentRequest>]>([
  ['other events than the next', { first: 1 }],
  ['more events than there are', { events: 4 }],
  ['events before they were due', { sentMicros: FROM + 499_999 }],
  ['an answer that is still to come', { answeredMicros: NOW + 5_000_001 }],
])('refuses %s', (_, wrong) => {
  const turn = going();
  expect(() => turn.take({ ...SENT, ...wrong }, NOW)).toThrow('block 4 has no events');
  expect(turn.reports).toEqual([]);
  turn.lose();
  expect(turn.reports).toMatchObject([{ kind: 'unknown', firstSequence: 70 }]);
});

it('refuses an end that leaves out events, or what was sent before its go', () => {
  expect(() => going().done(0)).toThrow('cannot end');
  const turn = going();
  turn.state = 'accepted';
  expect(() => turn.take(SENT, NOW)).toThrow('to send now');
});
