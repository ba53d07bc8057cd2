// From flags to a started target: what is tried by default, and what is reported to the user.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { type ChosenTarget, startChosenTarget } from './choose-target.ts';
import { FLAG_NAMES, LIBRARY_NAMES } from './option-names.ts';
import { startStdioTarget } from './spawn/stdio.ts';
import type { Target } from './target.ts';
import { parseTargetFlags, type TargetFlags } from './target-flags.ts';

const nodeHub = fileURLToPath(new URL('../../examples/node-ws/hub.mjs', import.meta.url));
const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function choose(flags: TargetFlags, names = FLAG_NAMES): Promise<ChosenTarget> {
  const choice = parseTargetFlags(flags, names);
  if (!choice.ok) throw new Error(choice.problem);
  const chosen = await startChosenTarget(choice.value);
  if (chosen.ok) opened.push(chosen.target);
  return chosen;
}

async function runningHub(): Promise<Target> {
  const start = await startStdioTarget({ command: `'${process.execPath}' '${nodeHub}'` });
  if (!start.ok) throw new Error(start.problem);
  opened.push(start.target);
  return start.target;
}

/** A server that knows no route; its port. */
async function emptyServer(): Promise<number> {
  const server: Server = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The server alone: what is still connected belongs to a target that was closed before it.
  opened.push(server);
  return (server.address() as AddressInfo).port;
}

describe('startChosenTarget', () => {
  it('drives a running hub at POST /broadcast when nothing else was said', async () => {
    const { url } = await runningHub();
    const chosen = await choose({ url });
    expect(chosen).toMatchObject({ ok: true, target: { adapter: 'http', url } });
    expect(chosen.ok && (await chosen.target.broadcast(['{"type":"t","appId":"","payload":{}}'])).ok).toBe(
      true,
    );
  });

  it('does not begin with a hub that says it is where nothing listens', { timeout: 60_000 }, async () => {
    const ready = { ready: true, url: 'ws://127.0.0.1:1/ws' };
    const program = `console.log(${JSON.stringify(JSON.stringify(ready))}); setInterval(() => {}, 1e3)`;
    const start = await choose({ spawn: `'${process.execPath}' -e '${program}'` });
    expect(start).toEqual({
      ok: false,
      problem:
        'nothing listens at ws://127.0.0.1:1/ws, which the ready line gave: is the hub running, and is the port right?',
    });
  });

  it('observes a hub without that route, and says what would change it', async () => {
    const port = await emptyServer();
    const chosen = await choose({ url: `ws://127.0.0.1:${port}/ws` });
    const broadcastUrl = `http://127.0.0.1:${port}/broadcast`;
    expect(chosen).toMatchObject({
      ok: true,
      target: { adapter: 'observe' },
      notice:
        `POST ${broadcastUrl} answered 404, so the hub is only observed; ` +
        'use --broadcast-url, --spawn or --adapter to make it broadcast',
    });
    expect(chosen.ok && chosen.target.abilities.missing.broadcast).toContain('answered 404');
    const byLibrary = await choose({ url: `ws://127.0.0.1:${port}/ws` }, LIBRARY_NAMES);
    expect(byLibrary.ok && byLibrary.notice).toContain('use broadcastUrl, spawn or adapter');
    expect(byLibrary.ok && byLibrary.target.abilities.missing.resources).toContain('(use pid)');
  });

  it('only observes with --observe', async () => {
    const { url } = await runningHub();
    const chosen = await choose({ url, observe: true });
    expect(chosen).toMatchObject({ ok: true, target: { adapter: 'observe' } });
    expect(chosen).not.toHaveProperty('notice');
  });

  it('starts a hub that says nothing at the URL that was given', async () => {
    const port = await emptyServer();
    for (const each of opened.splice(0)) await each.close();
    const silent = `'${process.execPath}' '${nodeHub}' ${port} >/dev/null`;
    const chosen = await choose({ url: `ws://127.0.0.1:${port}/ws`, spawn: silent });
    expect(chosen).toMatchObject({ ok: true, target: { adapter: 'stdio', abilities: { broadcast: true } } });
    expect(chosen.ok && (await chosen.target.broadcast(['{"type":"t","appId":"","payload":{}}'])).ok).toBe(
      true,
    );
  });

  it('reads the memory of the process that was named', async () => {
    const { url } = await runningHub();
    const chosen = await choose({ url, pid: process.pid });
    expect(chosen.ok && (await chosen.target.resources())?.rssBytes).toBeGreaterThan(1_000_000);
  });

  it.each<[string, TargetFlags, string]>([
    ['an unreachable URL', { url: 'ws://127.0.0.1:9/ws' }, 'nothing listens at ws://127.0.0.1:9/ws'],
    ['a command that is not there', { spawn: 'no-such-hub' }, 'command not found'],
  ])('fails in one sentence on %s', async (_, flags, problem) => {
    const chosen = await choose(flags);
    expect(chosen.ok ? '' : chosen.problem).toContain(problem);
  });

  it('fails on a broadcast URL where nobody is and on a process that is not there', async () => {
    const { url } = await runningHub();
    const unreachable = await choose({ url, broadcastUrl: 'http://127.0.0.1:9/b' });
    expect(unreachable.ok ? '' : unreachable.problem).toContain('the broadcast URL cannot be used');
    const noProcess = await choose({ url, pid: 999_999_999 });
    expect(noProcess.ok ? '' : noProcess.problem).toContain(
      '--pid 999999999: /proc/999999999 cannot be read',
    );
    const byLibrary = await choose({ url, pid: 999_999_999 }, LIBRARY_NAMES);
    expect(byLibrary.ok ? '' : byLibrary.problem).toMatch(/^pid 999999999: /);
  });
});
