// The files for CI systems do what they say: their shell steps run here as the runner would run them.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { untilDecided } from '../../src/testing/defect-tests/until-decided.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HUB = `'${process.execPath}' '${join(ROOT, 'examples/node-ws/hub.mjs')}'`;
const folder = mkdtempSync(join(tmpdir(), 'norn-ci-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const read = (path: string) => parse(readFileSync(join(ROOT, path), 'utf8'));
const action = read('action.yml');
const steps: readonly Step[] = action.runs.steps;

/** A step as the runner runs it: expressions replaced by the inputs, and then bash. */
function runStep(
  name: string,
  inputs: Readonly<Record<string, string>>,
): Promise<{ code: number; log: string; summary: string }> {
  const step = steps.find((each) => each.name === name);
  if (step?.run === undefined) throw new Error(`no step is called ${name}`);
  const defaults = Object.entries(action.inputs as Record<string, { default: string }>);
  const all = { ...Object.fromEntries(defaults.map(([key, input]) => [key, input.default])), ...inputs };
  const environment = Object.fromEntries(
    Object.entries(step.env ?? {}).map(([key, value]) => [
      key,
      value.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input: string) => all[input] ?? ''),
    ]),
  );
  const summaryFile = join(folder, `${name}.md`);
  const env = {
    ...process.env,
    ...environment,
    CI: 'true',
    GITHUB_ACTION_PATH: ROOT,
    GITHUB_STEP_SUMMARY: summaryFile,
  };
  return new Promise((resolve) => {
    const shell = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run ?? ''];
    execFile('bash', shell, { env, cwd: folder, timeout: 80_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      const summary = existsSync(summaryFile) ? readFileSync(summaryFile, 'utf8') : '';
      resolve({ code, log: stdout + stderr, summary });
    });
  });
}

describe('the composite action', () => {
  it('judges a hub, annotates, writes the summary and every report', { timeout: 90_000 }, async () => {
    const more = '--only handshake.accept-key --only robustness.bad-utf8';
    const { code, log, summary } = await runStep('Judge the hub', {
      spawn: HUB,
      'conformance-args': more,
      output: 'judged',
    });
    expect(log).toContain('::notice title=norn-conformance::2 checks');
    expect(code, log).toBe(0);
    expect(summary).toContain('# Conformance');
    const files = ['xml', 'json', 'html', 'badge.json'].map((end) =>
      join(folder, `judged/conformance.${end}`),
    );
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('loads a hub, and fails the job when a threshold is breached', { timeout: 240_000 }, async () => {
    const load =
      "--cohort 'fast=10:fast(for=1s) then fast'\n--duration 1s --warmup 200ms\n--threshold evicted{cohort=fast}==7\n";
    const inputs = { spawn: HUB, 'loadtest-args': load, output: 'loaded' };
    // Again while the machine was too busy to reach the load.
    const { code, log, summary } = await untilDecided(
      () => runStep('Load the hub', inputs),
      (step) => step.code === 4,
    );
    expect(log).toContain('::error title=evicted{cohort=fast}==7::observed');
    expect(code, log).toBe(1);
    expect(summary).toContain('# Load test');
    expect(existsSync(join(folder, 'loaded/loadtest.xml'))).toBe(true);
  });
});

describe('the examples for CI systems', () => {
  const programs = { 'norn-conformance': 'conformance', 'norn-loadtest': 'loadtest' } as const;

  it('name inputs that the action has', () => {
    const workflow = read('examples/ci/github-actions.yml');
    const used = workflow.jobs.hub.steps.find((step: { uses?: string }) => step.uses === './norn-loadtest');
    const unknown = Object.keys(used.with).filter((input) => !(input in action.inputs));
    expect(unknown).toEqual([]);
  });

  it('pin every action to a commit', () => {
    const uses = ['action.yml', '.github/workflows/ci.yml', 'examples/ci/github-actions.yml'].flatMap(
      (path) => [...readFileSync(join(ROOT, path), 'utf8').matchAll(/^ +(?:- )?uses: (\S+)/gm)],
    );
    const unpinned = uses.map((match) => match[1] ?? '').filter((name) => !/^\.\/|@[0-9a-f]{40}$/.test(name));
    expect(uses.length).toBeGreaterThan(5);
    expect(unpinned).toEqual([]);
  });

  it('use flags that the programs have', async () => {
    const lines: string[] = read('examples/ci/gitlab-ci.yml').hub.script;
    for (const [program, file] of Object.entries(programs)) {
      const help = await new Promise<string>((resolve) =>
        execFile(process.execPath, [join(ROOT, `dist/cli/${file}.js`), '--help'], (_, stdout) =>
          resolve(stdout),
        ),
      );
      const flags = lines.filter((line) => line.startsWith(`npx ${program} `)).join(' ');
      expect(flags).not.toBe('');
      for (const [flag] of flags.replace(/'[^']*'/g, '').matchAll(/--[a-z-]+/g)) expect(help).toContain(flag);
    }
  });
});
