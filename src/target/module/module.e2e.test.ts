// Adapters that users write: what they may leave out, and that their mistakes are reported as adapter errors.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Target } from '../target.ts';
import { startModuleTarget } from './module-target.ts';

const folder = mkdtempSync(join(tmpdir(), 'adapter-'));
afterAll(() => rmSync(folder, { recursive: true }));
let fileCount = 0;

function write(code: string): string {
  fileCount += 1;
  const file = join(folder, `adapter-${fileCount}.mjs`);
  writeFileSync(file, code);
  return file;
}

async function started(code: string, url?: string): Promise<Target> {
  const start = await startModuleTarget(write(code), url);
  if (!start.ok) throw new Error(start.problem);
  return start.target;
}

/** The problem reported for the file, without its name. */
async function problemOf(code: string): Promise<string> {
  const file = write(code);
  const start = await startModuleTarget(file);
  return start.ok ? 'it started' : start.problem.replace(file, 'FILE');
}

const minimal = (rest: string) =>
  `export default ({ url = 'ws://127.0.0.1:9/ws' } = {}) => ({ url, ${rest} });`;

describe('an adapter file', () => {
  it('needs only a url and broadcast, and is handed the URL of the command line', async () => {
    const target = await started(
      minimal('broadcast: async (texts) => ({ ok: true, accepted: texts.length })'),
      'ws://127.0.0.1:10/ws',
    );
    expect(target.url).toBe('ws://127.0.0.1:10/ws');
    expect(await target.broadcast(['{}', '{}'])).toEqual({ ok: true, accepted: 2 });
    expect(target.abilities).toMatchObject({
      broadcast: true,
      stats: false,
      resources: false,
      restart: false,
    });
    expect(target.abilities.missing.stats).toContain('has no stats');
    expect(await target.stats()).toBeUndefined();
    expect(await target.stop(100)).toMatchObject({ ok: false });
    expect(await target.restart()).toMatchObject({ ok: false });
    await target.kill();
    await target.close();
  });

  it('may give plain counters and restart itself as another target', async () => {
    const target = await started(`
      const make = (n) => ({
        url: 'ws://127.0.0.1:' + n + '/ws',
        broadcast: async () => ({ ok: true, accepted: 1 }),
        stats: () => ({ clients: n, evictions: 1 }),
        stop: async () => ({ ok: true, exitCode: 0, elapsedMillis: 1 }),
        kill: async () => {},
        restart: async () => ({ ok: true, target: make(n + 1) }),
      });
      export default async () => make(1);`);
    expect(await target.stats()).toEqual({ clients: 1, raw: { clients: 1, evictions: 1 } });
    expect(target.abilities.restart).toBe(true);
    expect(await target.restart()).toEqual({ ok: true, target });
    expect(target.url).toBe('ws://127.0.0.1:2/ws');
  });

  it('reports an end that nobody requested, also after a restart', async () => {
    const target = await started(`
      const make = () => {
        let tell;
        const died = new Promise((resolve) => { tell = resolve; });
        return {
          url: 'ws://127.0.0.1:1/ws',
          broadcast: async () => { tell('it crashed'); return { ok: false, kind: 'refused', problem: 'gone' }; },
          stop: async () => { tell('it stopped'); return { ok: true, exitCode: 0, elapsedMillis: 1 }; },
          kill: async () => tell('it was killed'),
          restart: async () => ({ ok: true, target: make() }),
          pids: () => [process.pid, 0, -1, 'x'],
          died,
        };
      };
      export default make;`);
    let death: string | undefined;
    void target.died.then((sentence) => {
      death = sentence;
    });
    await target.stop(100);
    await target.restart();
    await target.kill();
    await target.restart();
    expect(target.pids?.()).toEqual([process.pid]);
    expect(death).toBeUndefined();
    await target.broadcast(['{}']);
    expect(await target.died).toBe('it crashed');
  });

  it.each([
    ['const x = ;', 'the adapter FILE could not be loaded: '],
    ['import "no-such-package";', 'could not be loaded: Error: Cannot find package'],
    ['\n\nthrow new Error("no config");', 'could not be loaded: Error: no config (line 3)'],
    ['export const createTarget = 1;', 'the adapter FILE has no default export that is a function'],
    [
      'export default () => {\n  throw new TypeError("no token");\n}',
      'failed in createTarget(): TypeError: no token (line 2)',
    ],
    ['export default async () => { throw "a string"; }', 'failed in createTarget(): a string'],
    ['export default () => undefined;', 'a target that cannot be used: createTarget() gave undefined'],
    ['export default () => ({ broadcast() {} });', 'its url undefined is not a ws:// URL'],
    ['export default () => ({ url: "ws://h/" });', 'it has no method broadcast'],
    [minimal('broadcast() {}, stats: 3'), 'its stats is not a method'],
  ])('reports the mistake: %s', async (code, problem) => {
    expect(await problemOf(code)).toContain(problem);
  });

  it('reports a file that does not exist', async () => {
    const start = await startModuleTarget('no-such-file.mjs');
    expect(start.ok ? '' : start.problem).toBe('the adapter no-such-file.mjs does not exist');
  });

  it.each([
    ['broadcast() { throw new Error("offline"); }', 'failed in broadcast(): offline'],
    ['broadcast: async () => { throw new Error("offline"); }', 'failed in broadcast(): offline'],
    ['broadcast() {}', 'failed in broadcast(): it gave undefined, not an outcome'],
    ['broadcast: () => ({ ok: true })', 'failed in broadcast(): it gave {"ok":true}, not an outcome'],
    ['broadcast: () => new Promise(() => {})', 'no answer from broadcast() within'],
  ])('never rejects a broadcast: %s', async (code, problem) => {
    const target = await started(minimal(code));
    const outcome = await target.broadcast(['{}'], { deadlineMillis: 100 });
    expect(outcome.ok ? '' : outcome.problem).toContain(problem);
  });
});
