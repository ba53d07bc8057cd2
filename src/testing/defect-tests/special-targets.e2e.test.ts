// Checks on targets that no defect can stand for: a hub that cannot be restarted, a hub that is only observed while its
// own producers publish, and a correct hub that writes several messages at once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CHECKS } from '../../conformance/registry.ts';
import { runChecks } from '../../conformance/run/runner.ts';
import { DEFAULT_SETTINGS } from '../../conformance/run/settings.ts';
import { startHttpTarget } from '../../target/http/http-target.ts';
import { createObserveTarget } from '../../target/observe.ts';
import { programFile } from '../../target/spawn/program-file.ts';
import { startStdioTarget } from '../../target/spawn/stdio.ts';
import type { TargetStart } from '../../target/target.ts';
import { startHub } from '../hub/start-hub.ts';
import { postEvents } from '../peers/post-events.ts';
import { startDefectiveHub } from '../registry.ts';

const TIMEOUT = { timeout: 90_000 };
/** On a busy machine a reader needs more than a second to read what was queued. */
const EVICTION_GRACE_MILLIS = 5_000;
const PROGRAM = programFile(new URL('../programs/run-defect.ts', import.meta.url));
const EVENT =
  '{"type":"function.completed","appId":"shop","payload":{"executionId":"e-1","status":"complete"}}';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The verdict of one check and what it observed. */
async function judgeBy(id: string, start: TargetStart): Promise<string> {
  if (!start.ok) throw new Error(start.problem);
  try {
    const checks = CHECKS.filter((check) => check.id === id);
    const { results } = await runChecks({ checks, target: start.target, settings: DEFAULT_SETTINGS });
    return results.map(({ verdict, got }) => `${verdict}: ${got ?? ''}`).join();
  } finally {
    await start.target.close();
  }
}

describe('lifecycle.restart', () => {
  const hub = `'${process.execPath}' '${PROGRAM}' correct --port 0`;

  it('fails a hub whose lock outlives its crash', TIMEOUT, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'norn-lock-'));
    folders.push(folder);
    const lock = join(folder, 'lock');
    const command = `if [ -e '${lock}' ]; then echo 'the lock is held' >&2; exit 1; fi; touch '${lock}'; exec ${hub}`;
    const verdict = await judgeBy('lifecycle.restart', await startStdioTarget({ command }));
    expect(verdict).toMatch(/^fail: .*the lock is held/);
  });

  it('passes a hub that can be restarted', TIMEOUT, async () => {
    expect(await judgeBy('lifecycle.restart', await startStdioTarget({ command: hub }))).toBe('pass: ');
  });
});

/** Observes a hub while another producer makes it broadcast. */
async function observe(defectId: string): Promise<string> {
  const hub = await startDefectiveHub(defectId);
  const ending = new AbortController();
  const producing = (async () => {
    while (!ending.signal.aborted) {
      await postEvents(hub.broadcastUrl, [EVENT]);
      await new Promise((resume) => setTimeout(resume, 50));
    }
  })();
  try {
    return await judgeBy('envelope.observed', {
      ok: true,
      target: createObserveTarget(hub.url, 'only observed'),
    });
  } finally {
    ending.abort();
    await producing;
    await hub.close();
  }
}

describe('envelope.observed', () => {
  it('fails a hub whose own events have a field of another name', TIMEOUT, async () => {
    expect(await observe('execution-id-renamed')).toMatch(/^fail: .*executionId/);
  });

  it('passes a hub whose events are as documented', TIMEOUT, async () => {
    expect(await observe('correct')).toBe('pass: ');
  });
});

describe('slow-client.says-why', () => {
  it('passes a hub that hands several queued messages to the kernel at once', TIMEOUT, async () => {
    const hub = await startHub(
      () => ({
        takeNext: (client) =>
          client.queue.length === 0
            ? undefined
            : Buffer.concat(client.queue.splice(0, 8).map(({ frame }) => frame)),
      }),
      { evictionGraceMillis: EVICTION_GRACE_MILLIS },
    );
    try {
      expect(await judgeBy('slow-client.says-why', await startHttpTarget(hub))).toBe('pass: ');
    } finally {
      await hub.close();
    }
  });
});
