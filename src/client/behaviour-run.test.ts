// Behaviours in simulated time: what a client does, and when.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../testing/simulated/simulated-clock.ts';
import { parseBehaviour } from './behaviour-language.ts';
import { BehaviourRun } from './behaviour-run.ts';

/** Plays a behaviour: a message every `everyMillis` while it reads, for `millis`; gives what it did with times. */
function play(words: string, millis: number, everyMillis = 100): string[] {
  const behaviour = parseBehaviour(words);
  if (!behaviour.ok) throw new Error(behaviour.problem);
  const clock = createSimulatedClock({ startMicros: 0 });
  const did: string[] = [];
  let [receivedMessages, isReading, isOpen] = [0, true, true];
  const note = (what: string) => did.push(`${clock.nowMicros() / 1_000} ${what}`);
  const read = (reads: boolean) => () => {
    if (isReading !== reads) note(reads ? 'reads' : 'pauses');
    isReading = reads;
  };
  const end = (what: string) => () => {
    note(what);
    isOpen = false;
    run.end();
  };
  const run = new BehaviourRun(
    behaviour.value,
    {
      get receivedMessages() {
        return receivedMessages;
      },
      pauseReading: read(false),
      resumeReading: read(true),
      reset: end('resets'),
      rejoin: end('rejoins'),
      onStall: () => note('stalls'),
      onResume: () => note('resumes'),
    },
    clock,
  );
  run.begin();
  for (let at = 0; at < millis && isOpen; at += everyMillis) {
    clock.advance(everyMillis);
    if (!isReading || !isOpen) continue;
    receivedMessages++;
    run.onRead(1_000);
  }
  run.end();
  expect(clock.pendingTimers).toBe(0);
  return did;
}

describe('BehaviourRun', () => {
  it.each([
    ['fast', []],
    ['never-pong', []],
    ['stall(after=3)', ['300 pauses', '300 stalls']],
    ['half-open', ['0 pauses', '0 stalls']],
    ['vanish(after=2)', ['200 resets']],
    ['churn(every=450ms)', ['450 rejoins']],
    [
      'lag(250ms)',
      ['100 pauses', '350 reads', '400 pauses', '650 reads', '700 pauses', '950 reads', '1000 pauses'],
    ],
    [
      'trickle(4000B/s)',
      ['100 pauses', '350 reads', '400 pauses', '650 reads', '700 pauses', '950 reads', '1000 pauses'],
    ],
    ['flap(read=300ms,pause=200ms)', ['300 pauses', '500 reads', '800 pauses', '1000 reads']],
    [
      'fast(until=2) then stall(for=300ms) then fast(for=200ms) then half-open',
      ['200 pauses', '200 stalls', '500 reads', '500 resumes', '700 pauses', '700 stalls'],
    ],
    ['slow-handshake(5s) then stall', ['0 pauses', '0 stalls']],
    [
      'stall(after=2,for=500ms) then vanish(after=3)',
      ['200 pauses', '200 stalls', '500 reads', '500 resumes', '700 resets'],
    ],
  ])('%s', (words, did) => {
    expect(play(words, 1_000)).toEqual(did);
  });

  it('is the same every time', () => {
    const words = fc.constantFrom(
      'flap(read=30ms,pause=20ms)',
      'lag(35ms)',
      'fast(for=1s) then trickle(9KiB/s)',
    );
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 50 }), (text, everyMillis) => {
        expect(play(text, 3_000, everyMillis)).toEqual(play(text, 3_000, everyMillis));
      }),
    );
  });
});
