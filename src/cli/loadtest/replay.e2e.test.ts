// replay, shrink and record as users run them: exit codes, words, files, and nothing left behind by bad input.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { afterAll, describe, expect, it } from 'vitest';
import { loadFixture } from '../../fixture/format/fixture.ts';
import type { ReplayReport } from '../../fixture/judge/replay-result.ts';
import { programFile } from '../../target/spawn/program-file.ts';

const PROGRAM = programFile(new URL('../loadtest.ts', import.meta.url));
const DEFECT = programFile(new URL('../../testing/programs/run-defect.ts', import.meta.url));
const TIMEOUT_MILLIS = 150_000;
const folder = mkdtempSync(join(tmpdir(), 'norn-replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const defect = (id: string) => `${process.execPath} ${DEFECT} ${id}`;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [PROGRAM, ...args],
      { cwd: folder, timeout: TIMEOUT_MILLIS },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

const readReport = (name: string) =>
  JSON.parse(readFileSync(join(folder, name, 'replay.json'), 'utf8')) as ReplayReport;

describe('norn-loadtest replay', () => {
  it('finds nothing on the reference hub: exit 0, and every report', {
    timeout: TIMEOUT_MILLIS,
  }, async () => {
    const { code, stdout } = await run('replay', 'coalesced-messages', '--output', 'good');
    expect(code).toBe(0);
    expect(stdout).toContain('NOT REPRODUCED  coalesced-messages');
    expect(readdirSync(join(folder, 'good')).sort()).toEqual(['replay.html', 'replay.json', 'replay.xml']);
  });

  it('reproduces a bug: exit 1, and all reports agree', { timeout: TIMEOUT_MILLIS }, async () => {
    const args = ['--spawn', defect('coalesce-newline'), '--output', 'bad'];
    const { code, stdout } = await run('replay', 'coalesced-messages', 'twice-after-rejoin', ...args);
    expect(code).toBe(1);
    expect(stdout).toContain('2 fixtures: 1 not reproduced, 1 reproduced, 0 inconclusive');
    const { replays } = readReport('bad');
    const broken = replays.flatMap(({ outcomes }) => outcomes.filter(({ verdict }) => verdict === 'failed'));
    expect(broken.length).toBeGreaterThan(0);
    const xml = readFileSync(join(folder, 'bad', 'replay.xml'), 'utf8');
    expect(XMLValidator.validate(xml)).toBe(true);
    const suites = new XMLParser({ ignoreAttributes: false }).parse(xml) as {
      testsuites: Record<string, string>;
    };
    expect(suites.testsuites['@_failures']).toBe(String(broken.length));
    const html = readFileSync(join(folder, 'bad', 'replay.html'), 'utf8');
    expect(html.match(/<tr class="broken">/g)?.length).toBe(broken.length);
    expect(html).not.toMatch(/(src|href)="https?:/);
  });

  it.each([
    [['replay'], 'no fixture is named'],
    [['replay', 'stuck-wirter'], 'did you mean stuck-writer?'],
    [['replay', 'stuck-writer', 'ws://192.0.2.1/ws'], 'loopback only'],
    [['replay', 'bad.yaml'], 'bad.yaml:4:8: no clients "frzen"; did you mean frozen?'],
    [['shrink', 'all'], 'shrink takes one fixture'],
    [['record'], 'no hub is named'],
    [
      ['record', 'ws://127.0.0.1:1/ws', '--redact', 'payload'],
      '--redact: "payload" alone would remove the payload',
    ],
  ])('%j is one line, exit 2', async (args, problem) => {
    const bad = [
      'name: x',
      'bug: y',
      'expect:',
      ' - of: frzen',
      '   receives: all',
      'events: [{ count: 1 }]',
    ];
    writeFileSync(join(folder, 'bad.yaml'), [...bad, 'clients: [{ name: frozen }]', ''].join('\n'));
    const { code, stderr } = await run(...args);
    expect([code, stderr.trim().split('\n').length]).toEqual([2, 1]);
    expect(stderr).toContain(problem);
  });

  it('cannot reach the hub: exit 3', async () => {
    const { code, stderr } = await run('replay', 'stuck-writer', 'ws://127.0.0.1:1/ws');
    expect(code).toBe(3);
    expect(stderr).toContain('nothing listens');
  });
});

describe('norn-loadtest shrink', () => {
  it('writes a smaller fixture that can be replayed', { timeout: TIMEOUT_MILLIS }, async () => {
    const file = ['name: x', 'bug: y', 'events: [{ count: 40 }]', 'clients: [{ name: a, count: 8 }]', ''];
    writeFileSync(join(folder, 'large.yaml'), file.join('\n'));
    const args = ['large.yaml', '--spawn', defect('duplicate'), '--budget', '40s'];
    const { code, stdout } = await run('shrink', ...args);
    expect(code).toBe(0);
    expect(stdout).toContain('written to large.small.yaml');
    const small = loadFixture(join(folder, 'large.small.yaml'));
    if (!small.ok) throw new Error(small.problem);
    expect(small.value.events.length).toBeLessThan(40);
    expect(small.value.clients.map(({ count }) => count)).toEqual([1]);
  });

  it('says that there is nothing to shrink: exit 4, no file', { timeout: TIMEOUT_MILLIS }, async () => {
    const { code, stderr } = await run('shrink', 'twice-after-rejoin');
    expect([code, existsSync(join(folder, 'twice-after-rejoin.small.yaml'))]).toEqual([4, false]);
    expect(stderr).toContain('does not fail on this hub');
  });
});
