// The wait before a run, in simulated time.
import { describe, expect, it } from 'vitest';
import { createSimulatedClock } from '../../testing/simulated/simulated-clock.ts';
import { awaitStart, type Start, timeOfStart } from './await-start.ts';
import { parseTime } from './options/start-options.ts';

function time(text: string, now: string) {
  const written = parseTime(text);
  if (!written.ok) return written;
  const at = timeOfStart(written.value, Date.parse(now));
  return at.ok ? { ok: true, at: new Date(at.value).toISOString() } : at;
}

describe('--start-at', () => {
  const NOW = new Date(2026, 10, 28, 12, 0, 0).toISOString();
  const local = (hours: number, minutes: number, seconds = 0) => {
    const day = new Date(Date.parse(NOW));
    day.setHours(hours, minutes, seconds, 0);
    return day.toISOString();
  };

  it('is a time of today, or a date', () => {
    expect(time('13:30', NOW)).toEqual({ ok: true, at: local(13, 30) });
    expect(time('13:30:05', NOW)).toEqual({ ok: true, at: local(13, 30, 5) });
    const soon = new Date(Date.parse(NOW) + 1_000).toISOString();
    expect(time(soon, NOW)).toEqual({ ok: true, at: soon });
    expect(time('11:58', NOW)).toEqual({
      ok: false,
      problem: expect.stringMatching(/^11:58 was 2 min 0 s ago; for another day write a date/),
    });
  });

  it.each([
    ['2026-11-28T11:59:50', '2026-11-28T11:59:50 was 10 s ago'],
    ['2026-11-27T19:55:00', '2026-11-27T19:55:00 was 16 h 5 min ago'],
    ['2027-11-28T11:59:50', 'is more than a week away'],
    ['25:00', '"25:00" is not a time of the day'],
    ['12:61', '"12:61" is not a time of the day'],
    ['soon', 'expected a time such as 18:30:00'],
    ['2026-13-45T00:00:00Z', 'expected a time such as'],
  ])('refuses %s', (text, problem) => {
    expect(time(text, NOW)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });
});

interface Course extends Partial<Start> {
  /** When the signal comes. */
  readonly comesAtMillis?: number;
  readonly interruptedAtMillis?: number;
}

async function run({ comesAtMillis = Number.POSITIVE_INFINITY, interruptedAtMillis, ...start }: Course) {
  const clock = createSimulatedClock({ startMicros: 0, startWallMillis: 1_000_000 });
  const said: string[] = [];
  const interruption = new AbortController();
  if (interruptedAtMillis !== undefined) clock.after(interruptedAtMillis, () => interruption.abort());
  const hasCome = () => clock.nowMicros() >= comesAtMillis * 1e3;
  let endedMillis: number | undefined;
  const done = awaitStart(
    { deadlineMillis: 600_000, ...start },
    {
      ...{ clock, interruption: interruption.signal, say: (text: string) => said.push(text) },
      hasFile: hasCome,
      answers: async () => hasCome(),
    },
  ).then((problem) => {
    endedMillis = clock.nowMicros() / 1e3;
    return problem;
  });
  await clock.advanceAsync(1_000_000);
  return { problem: await done, endedMillis, said, pending: clock.pendingTimers };
}

describe('the wait before a run', () => {
  it('ends at the time', async () => {
    expect(await run({ atWallMillis: 1_065_250 })).toMatchObject({
      problem: undefined,
      endedMillis: 65_250,
      said: [
        expect.stringMatching(/^waiting for 1970-01-01 /),
        expect.stringContaining(', for 30 s so far'),
        expect.stringContaining(', for 1 min 0 s so far'),
      ],
      pending: 0,
    });
  });

  it('ends soon after the file is there, or the URL answers', async () => {
    const file = { kind: 'file', path: '/tmp/go' } as const;
    const waited = await run({ signal: file, comesAtMillis: 5_010 });
    expect(waited).toMatchObject({ problem: undefined, said: ['waiting for the file /tmp/go'] });
    expect(waited.endedMillis).toBeLessThanOrEqual(5_110);
    const url = { kind: 'url', url: 'http://me:pw@127.0.0.1:1/ready' } as const;
    const asked = await run({ signal: url, comesAtMillis: 5_010 });
    expect(asked.said).toEqual(['waiting for http://***@127.0.0.1:1/ready to answer 2xx']);
    expect(asked.endedMillis).toBeLessThanOrEqual(5_600);
    expect(await run({ signal: file, comesAtMillis: 0 })).toMatchObject({ said: [], endedMillis: 0 });
  });

  it('says what did not come by the deadline', async () => {
    expect(await run({ signal: { kind: 'file', path: 'go' }, deadlineMillis: 60_000 })).toMatchObject({
      problem:
        'waited 1 min 0 s for the file go, which did not come; start it, or give it longer with --start-deadline',
    });
  });

  it('ends when the run is interrupted', async () => {
    const interrupted = await run({ signal: { kind: 'file', path: 'go' }, interruptedAtMillis: 3_000 });
    expect(interrupted).toMatchObject({ problem: undefined, endedMillis: 3_000, pending: 0 });
  });
});
