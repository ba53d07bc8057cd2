// Hubs that no single check provokes: a program of the exploration does, and the oracle says what is wrong. That such
// programs are drawn soon is tested in program/programs.prop.test.ts.
import { describe, expect, it } from 'vitest';
import { programFile } from '../../target/spawn/program-file.ts';
import { startStdioTarget } from '../../target/spawn/stdio.ts';
import { untilDecided } from '../../testing/defect-tests/until-decided.ts';
import { createLanes } from '../../testing/lanes.ts';
import { EXPLORED_DEFECTS } from '../../testing/registry.ts';
import { systemClock } from '../../time/clock.ts';
import { createSettings } from '../run/settings.ts';
import type { ViolationKind } from './oracle/violation.ts';
import type { Program } from './program/program.ts';
import { explore } from './search/explore.ts';
import { replayPrograms } from './search/replay.ts';

const inLane = createLanes(3);
const PROGRAM = programFile(new URL('../../testing/programs/run-defect.ts', import.meta.url));

interface Provoked {
  readonly factors: Program['factors'];
  /** One of these is the first violation. */
  readonly kinds: readonly ViolationKind[];
}

/** What provokes each of them, and nothing else. */
const PROVOKED: Readonly<Record<string, Provoked>> = {
  'deflate-keeps-window': {
    factors: { offer: 'bare', content: 'random', events: 40 },
    kinds: ['illegal-frame', 'changed', 'damaged', 'stray-message'],
  },
  'large-compressed-aside': {
    factors: { offer: 'bare', bytes: 2_000, sizes: 'alternating', events: 20 },
    kinds: ['reordered'],
  },
  'origin-of-forwarded-host': {
    factors: { proxy: 'x-forwarded-host', origin: 'proxied' },
    kinds: ['origin-accepted'],
  },
  'full-headers-unregistered': { factors: { client: 'firefox' }, kinds: ['never-joined'] },
  // A starved kit does not say that the hub is dead, but that it takes no events.
  'client-513-crashes': { factors: { clients: 520 }, kinds: ['hub-dead', 'publish-failed'] },
  'misses-after-3000': { factors: { events: 3_400 }, kinds: ['lost'] },
  'stalled-sender-kept': { factors: { stall: 'above, sends' }, kinds: ['not-evicted', 'lost'] },
  'keys-merged-by-case': { factors: { content: 'keys by case' }, kinds: ['changed', 'damaged'] },
  'limit-once-per-request': { factors: { stall: 'above', batch: 32 }, kinds: ['not-evicted'] },
  'inbound-limit-compressed': {
    factors: { sends: 'compressed bomb', offer: 'browser' },
    kinds: ['limit-uneven'],
  },
  'pongs-judged-first': {
    factors: { clients: 300, bytes: 65_500, events: 12, batch: 12 },
    kinds: ['disconnected'],
  },
  'rooms-in-an-object': { factors: { apps: 'special names' }, kinds: ['lost'] },
  'resumes-by-headers': { factors: { client: 'chrome', joins: 'come back' }, kinds: ['replayed'] },
  'evicted-counted-twice': { factors: { stall: 'above' }, kinds: ['clients-uncounted'] },
  'answers-in-binary': { factors: { sends: 'binary 16 KiB' }, kinds: ['illegal-frame'] },
  'short-reads-dropped': { factors: { writes: 'torn' }, kinds: ['no-pong', 'disconnected', 'never-joined'] },
  'queued-events-expire': { factors: { stall: 'half full' }, kinds: ['lost'] },
  'one-eviction-per-event': { factors: { stall: 'above, reads on', stalled: 12 }, kinds: ['lost'] },
  'deep-events-dropped': { factors: { content: 'very deep' }, kinds: ['lost'] },
  'late-join-leaks': { factors: { before: 'joins and leaves' }, kinds: ['clients-left'] },
};

async function onHub<T>(
  id: string,
  use: (options: Parameters<typeof explore>[0]) => Promise<T>,
  seed = 1,
): Promise<T> {
  const start = await startStdioTarget({ command: `'${process.execPath}' '${PROGRAM}' ${id}` });
  if (!start.ok) throw new Error(start.problem);
  try {
    return await use({
      target: start.target,
      settings: createSettings({ seed, kickDeadlineMillis: 3_000 }),
      clock: systemClock,
      // Enough for a busy machine: a search ends with the last finding that is asked for.
      timeMillis: 240_000,
      mostFindings: 1,
      kit: { name: 'norn-loadtest', version: 'test' },
      command: 'norn-conformance explore',
    });
  } finally {
    await start.target.close();
  }
}

describe('a hub with a bug that needs something unusual', () => {
  it.concurrent.each(EXPLORED_DEFECTS.map(({ id }) => id))(
    'is caught by the program that provokes it: %s',
    async (id) => {
      const { factors, kinds } = PROVOKED[id] as Provoked;
      // Side by side they starve one another, and a starved kit judges no times: then again.
      const { findings } = await inLane(() =>
        untilDecided(
          () => onHub(id, (options) => replayPrograms({ programs: [{ seed: 7, factors }] }, options)),
          ({ findings: found }) => found.length === 0,
        ),
      );
      expect(kinds).toContain(findings[0]?.kind);
    },
    120_000,
  );

  it('is found by a search, which names what the bug needs', async () => {
    const { findings } = await onHub('keys-merged-by-case', explore, 1);
    expect(Object.keys(findings[0]?.programs.at(-1)?.factors ?? {})).toContain('content');
  }, 300_000);

  it('is found beside another bug of the same kind, each with its own name', async () => {
    const { findings } = await onHub(
      'deep-events-dropped+rooms-in-an-object',
      (options) => explore({ ...options, mostFindings: 2 }),
      3,
    );
    // Random text of 50 KB has as many brackets as a deep event.
    expect(findings.map(({ id }) => id).sort()).toEqual([
      'lost.apps',
      expect.stringMatching(/^lost\.(bytes\+)?content$/),
    ]);
  }, 300_000);

  it('is found beside a bug that every program shows', async () => {
    const { findings } = await onHub(
      'greets-in-words+origin-of-forwarded-host',
      (options) => explore({ ...options, mostFindings: 2 }),
      54,
    );
    expect(findings.map(({ kind }) => kind)).toEqual(['stray-message', 'origin-accepted']);
  }, 300_000);
});
