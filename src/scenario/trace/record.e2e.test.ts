// Recording a live hub and playing it again: the same events in the same order; an eviction on record; a disk that fills.
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Behaviour } from '../../client/behaviour.ts';
import { createFixture, type Fixture } from '../../fixture/format/fixture.ts';
import type { FixtureFile } from '../../fixture/format/fixture-file.ts';
import { runFixture } from '../../fixture/run/run-fixture.ts';
import type { Envelope } from '../../protocol/envelope.ts';
import { PROBE_FIELD } from '../../protocol/probe.ts';
import { startReferenceTarget } from '../../target/spawn/reference.ts';
import type { Target } from '../../target/target.ts';
import { systemClock } from '../../time/clock.ts';
import { loadScenario } from '../load-scenario.ts';
import { runTimeline, type ScheduledEvent } from '../timeline.ts';
import { type Recording, recordTrace } from './record.ts';
import { parseRedactPath, type RedactPath } from './redact.ts';
import { readTrace, type TraceLine } from './trace.ts';
import { createTraceWriter, openTraceWriter } from './trace-writer.ts';

const TIMEOUT_MILLIS = 60_000;
const FAST: Behaviour = { kind: 'fast' };
let folder: string;
let target: Target;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'norn-record-'));
  const start = await startReferenceTarget();
  if (!start.ok) throw new Error(start.problem);
  target = start.target;
});
afterAll(async () => {
  await target.close();
  rmSync(folder, { recursive: true });
});

function fixtureOf(events: FixtureFile['events'], clients: FixtureFile['clients']): Fixture {
  const fixture = createFixture({ name: 'x', bug: 'y', events, clients }, folder);
  if (!fixture.ok) throw new Error(fixture.problem);
  return fixture.value;
}

/** Records while a fixture plays. */
async function recordWhile(
  name: string,
  fixture: Fixture,
  { behaviour = FAST, redactPaths = [] as readonly RedactPath[], untilClosed = false } = {},
): Promise<{ path: string; recording: Recording; lines: TraceLine[] }> {
  const path = join(folder, name);
  const stop = new AbortController();
  const writer = openTraceWriter(path);
  const recording = recordTrace({
    hub: target,
    behaviour,
    redactPaths,
    writer,
    clock: systemClock,
    signal: stop.signal,
  });
  const isConnected = () => writer.lines >= 2;
  await expect.poll(isConnected, { timeout: TIMEOUT_MILLIS }).toBe(true);
  await runFixture({ fixture, target, clock: systemClock });
  if (!untilClosed) stop.abort();
  const ended = await recording;
  const lines = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TraceLine);
  return { path, recording: ended, lines };
}

/** An envelope without the kit's own field. */
function plain({ type, appId, payload }: Envelope): string {
  const { [PROBE_FIELD]: _, ...rest } = payload;
  return JSON.stringify({ type, appId, payload: rest });
}

describe('a recorded trace', () => {
  it('replays the same events in the same order', { timeout: TIMEOUT_MILLIS }, async () => {
    const scenario = fixtureOf([{ scenario: 'release-day', for: '20s', speed: 20 }], [{ name: 'dashboard' }]);
    const first = await recordWhile('first.ndjson', scenario);
    const trace = readTrace(first.path);
    if (!trace.ok) throw new Error(trace.problem);
    expect(trace.value.isComplete).toBe(true);
    expect(trace.value.events.length).toBeGreaterThanOrEqual(scenario.events.length);
    const again = fixtureOf([{ trace: 'first.ndjson', speed: '2x' }], [{ name: 'dashboard' }]);
    const second = await recordWhile('second.ndjson', again);
    const replayed = second.lines.flatMap((line) => (line.kind === 'event' ? [plain(line.envelope)] : []));
    expect(replayed.join('\n')).toContain(
      trace.value.events.map(({ envelope }) => plain(envelope)).join('\n'),
    );
  });

  it('is a scenario with different sagas in every round', () => {
    const path = join(folder, 'rounds.ndjson');
    const writer = openTraceWriter(path);
    const head = { url: 'ws://x/ws', startedAt: '', reads: 'fast', redacted: [] };
    writer.write({ kind: 'trace', version: 1, ...head });
    for (const [atMillis, type] of [
      [500, 'deploy.progress'],
      [1_700, 'deploy.completed'],
    ] as const) {
      const envelope = { type, appId: 'shop', payload: { sagaId: 's', message: 'm', imageTag: 'v1' } };
      writer.write({ kind: 'event', atMillis, bytes: 9, envelope });
    }
    writer.close();
    const scenario = loadScenario(path);
    if (!scenario.ok) throw new Error(scenario.problem);
    const timeline = runTimeline([scenario.value], { seed: 1, speed: 2 });
    const played = Array.from({ length: 4 }, () => timeline.next().value as ScheduledEvent);
    expect(played.map(({ atMillis, envelope }) => [atMillis, envelope.payload.sagaId])).toEqual([
      [0, 's'],
      [600, 's'],
      [600, 's-2'],
      [1_200, 's-2'],
    ]);
  });

  it('contains the eviction of the recording client', { timeout: TIMEOUT_MILLIS }, async () => {
    const flood = fixtureOf([{ count: 10 }, { count: 90, size: '256KiB' }], [{ name: 'dashboard' }]);
    const { recording, lines } = await recordWhile('evicted.ndjson', flood, {
      behaviour: { kind: 'stall', afterMessages: 5 },
      untilClosed: true,
    });
    expect(recording).toMatchObject({ ok: true, why: expect.stringMatching(/^the hub/) });
    const notes = lines.flatMap((line) => (line.kind === 'note' ? [line.what] : []));
    expect(notes).toContainEqual(expect.stringMatching(/^stopped reading after \d+ messages$/));
    expect(lines.at(-1)).toMatchObject({ kind: 'end' });
  });

  it('contains no redacted value', { timeout: TIMEOUT_MILLIS }, async () => {
    const path = parseRedactPath('payload.message');
    if (!path.ok) throw new Error(path.problem);
    const secret = { type: 'deploy.progress', appId: 'shop', payload: { sagaId: 's', message: 'pass word' } };
    const { lines } = await recordWhile('redacted.ndjson', fixtureOf([{ event: secret }], [{ name: 'a' }]), {
      redactPaths: [path.value],
    });
    expect(JSON.stringify(lines)).not.toContain('pass word');
    expect(lines).toContainEqual(
      expect.objectContaining({
        kind: 'event',
        envelope: expect.objectContaining({ payload: expect.objectContaining({ message: 'xxxxxxxxx' }) }),
      }),
    );
  });
});

describe('readTrace', () => {
  it('skips a truncated last line', () => {
    const path = join(folder, 'cut.ndjson');
    const head = { kind: 'trace', version: 1, url: 'ws://x/ws', startedAt: '', reads: 'fast', redacted: [] };
    const event = { kind: 'event', atMillis: 1, bytes: 9, envelope: { type: 'x', appId: '', payload: {} } };
    writeFileSync(path, `${JSON.stringify(head)}\n${JSON.stringify(event)}\n{"kind":"eve`);
    expect(readTrace(path)).toMatchObject({
      ok: true,
      value: { isComplete: false, events: [{ atMillis: 1 }] },
    });
  });

  it.each([
    ['{"kind":"event"}\n', ':1: not the first line of a trace'],
    ['x\n', ':1: not a JSON line'],
  ])('names the line that is wrong in %j', (text, problem) => {
    const path = join(folder, 'bad.ndjson');
    writeFileSync(path, text);
    expect(readTrace(path)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });
});

describe('a trace writer', () => {
  it('keeps written lines when the disk is full and reports it', () => {
    // Every write to this device fails as a full disk does.
    const writer = createTraceWriter(openSync('/dev/full', 'w'), '/dev/full');
    writer.write({ kind: 'note', atMillis: 0, what: 'x' });
    writer.close();
    expect(writer.problem).toMatch(/^cannot continue writing \/dev\/full: ENOSPC/);
  });

  it('never overwrites a file', () => {
    const path = join(folder, 'mine.ndjson');
    writeFileSync(path, 'mine');
    expect(() => openTraceWriter(path)).toThrow(/EEXIST/);
  });
});

describe('parseRedactPath', () => {
  it.each(['', 'payload', 'type', '*', 'message', 'payload..x'])('refuses "%s"', (text) => {
    expect(parseRedactPath(text)).toMatchObject({ ok: false });
  });
});
