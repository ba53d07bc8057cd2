// Every address that would be contacted passes the same gate, whoever named it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startChosenTarget } from './choose-target.ts';
import { parseTargetFlags, type TargetFlags } from './target-flags.ts';

// Reserved for documentation (RFC 5737): nothing answers there.
const REMOTE = '192.0.2.1:9';
const LOCAL = 'ws://127.0.0.1:9/ws';
const folder = mkdtempSync(join(tmpdir(), 'norn-gate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const adapter = join(folder, 'adapter.mjs');
writeFileSync(
  adapter,
  `export default () => ({ url: 'ws://${REMOTE}/ws', broadcast: async () => ({ ok: true, accepted: 0 }) });`,
);
const ready = (line: object) => `echo '${JSON.stringify({ ready: true, ...line })}'; sleep 5`;

async function problemOf(flags: TargetFlags): Promise<string> {
  const choice = parseTargetFlags(flags);
  if (!choice.ok) throw new Error(choice.problem);
  const start = await startChosenTarget(choice.value);
  if (!start.ok) return start.problem;
  await start.target.close();
  return '';
}

describe('only this machine is contacted', () => {
  it.each<[string, TargetFlags]>([
    ['the URL', { url: `ws://${REMOTE}/ws` }],
    ['the URL of an observed hub', { url: `ws://${REMOTE}/ws`, observe: true }],
    ['--broadcast-url', { url: LOCAL, broadcastUrl: `http://${REMOTE}/b` }],
    [
      '--broadcast-url of a spawned hub',
      { spawn: 'sleep 5', url: LOCAL, broadcastUrl: `http://${REMOTE}/b` },
    ],
    ['the ready line', { spawn: ready({ url: `ws://${REMOTE}/ws` }) }],
    ['the route of the ready line', { spawn: ready({ url: LOCAL, broadcastUrl: `http://${REMOTE}/b` }) }],
    ['an adapter', { adapter }],
  ])('when %s names another', async (_, flags) => {
    expect(await problemOf(flags)).toContain('192.0.2.1 is not this machine');
  });
});

describe('a URL in capital letters', () => {
  it('is the same URL', () => {
    expect(parseTargetFlags({ url: 'WS://LOCALHOST:9420/Ws' })).toMatchObject({
      value: { kind: 'running', url: 'ws://localhost:9420/Ws' },
    });
  });
});
describe('a Unix socket', () => {
  it('is this machine', async () => {
    expect(await problemOf({ url: `ws+unix:${folder}/none.sock:/ws` })).toContain(
      'nothing listens at ws+unix:',
    );
  });

  it.each([
    ['ws+unix://run/hub.sock:/ws', 'write ws+unix:/run/hub.sock:/ws'],
    ['wss+unix:/run/hub.sock:/ws', 'a Unix socket is reached without TLS; write ws+unix:'],
  ])('%s is refused', (url, problem) => {
    expect(parseTargetFlags({ url })).toMatchObject({ problem: expect.stringContaining(problem) });
  });
});
