// A check that one on a second hub covers, over real sockets: it takes the verdict from there, and else runs itself.
import { afterEach, describe, expect, it } from 'vitest';
import { startHttpTarget } from '../../../target/http/http-target.ts';
import type { Target, TargetStart } from '../../../target/target.ts';
import { startDefectiveHub } from '../../../testing/registry.ts';
import type { Check } from '../../check.ts';
import { type Finding, fail, pass, skip } from '../../finding.ts';
import { runChecks } from '../runner.ts';
import { DEFAULT_SETTINGS } from '../settings.ts';

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function openTarget(): Promise<Target> {
  const hub = await startDefectiveHub('correct');
  opened.push(() => hub.close());
  const start = await startHttpTarget(hub);
  if (!start.ok) throw new Error(start.problem);
  opened.push(() => start.target.close());
  return start.target;
}

const fakeCheck = (change: Partial<Check>): Check => ({
  id: 'lifecycle.covered',
  chapter: 'lifecycle',
  title: 'a check of the test',
  level: 'must',
  clause: { source: 'protocol: Connection', quote: 'none' },
  needs: [],
  deadlineMillis: 10_000,
  explain: 'of the test',
  isolation: 'shared',
  run: async () => pass(),
  ...change,
});

interface Run {
  readonly verdicts: readonly string[];
  /** The URLs of the hubs on which each has run. */
  readonly coveredOn: readonly string[];
  readonly coveringOn: readonly string[];
  readonly urls: readonly string[];
}

/** `second`: how a second hub starts; default: as it should. */
async function runBoth(finding: Finding, second?: TargetStart): Promise<Run> {
  const [target, other] = [await openTarget(), await openTarget()];
  target.startSecond = async () => second ?? { ok: true, target: other };
  const [coveredOn, coveringOn]: [string[], string[]] = [[], []];
  const covered = fakeCheck({
    coveredBy: 'lifecycle.covering',
    async run(lab) {
      coveredOn.push(lab.url);
      return pass();
    },
  });
  const covering = fakeCheck({
    id: 'lifecycle.covering',
    isolation: 'second-hub',
    async run(lab) {
      coveringOn.push(lab.url);
      await lab.fence([await lab.witness()]);
      return finding;
    },
  });
  const { results } = await runChecks({ checks: [covered, covering], target, settings: DEFAULT_SETTINGS });
  const verdicts = results.map(({ verdict, blockedBy }) => `${verdict}${blockedBy ? `: ${blockedBy}` : ''}`);
  return { verdicts, coveredOn, coveringOn, urls: [target.url, other.url] };
}

describe('a check that one on a second hub covers', () => {
  it('passes with that one, and does not run', async () => {
    const { verdicts, coveredOn, coveringOn, urls } = await runBoth(pass());
    expect(verdicts).toEqual(['pass', 'pass']);
    expect([coveredOn, coveringOn]).toEqual([[], [urls[1]]]);
  });

  it('is blocked by that one when it fails', async () => {
    const { verdicts, coveredOn } = await runBoth(fail({ expected: 'this', got: 'that' }));
    expect(verdicts).toEqual(['skip: lifecycle.covering', 'fail']);
    expect(coveredOn).toEqual([]);
  });

  it('runs on the hub under test when that one has found nothing out, or has no hub', async () => {
    const nothing = await runBoth(skip('the second hub ended'));
    expect(nothing.verdicts).toEqual(['pass', 'skip']);
    expect(nothing.coveredOn).toEqual([nothing.urls[0]]);
    const alone = await runBoth(pass(), { ok: false, problem: 'port 9' });
    expect(alone.verdicts).toEqual(['pass', 'skip']);
    expect([alone.coveredOn, alone.coveringOn]).toEqual([[alone.urls[0]], []]);
  });
});
