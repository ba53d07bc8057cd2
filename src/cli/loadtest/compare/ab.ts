// norn-loadtest ab: loads two hubs in turn in one run, and reports whether the second is worse than the first.

import type { Machines } from '../../../agents/coordinator/machines.ts';
import { kitVersion } from '../../../kit/kit-version.ts';
import { comparePairs } from '../../../load/compare/compare-pairs.ts';
import { type Pair, runInterleaved, type Side } from '../../../load/compare/run-interleaved.ts';
import { leastPairs } from '../../../load/compare/statistics/signed-rank.ts';
import { runLoadHere } from '../../../load/coordinator/workers/run-load.ts';
import { hubAhead } from '../../../load/machine/preflight.ts';
import { cohortsAtMost, countClients, type LoadPlan } from '../../../load/plan/plan.ts';
import { startChosenTarget } from '../../../target/choose-target.ts';
import type { Target } from '../../../target/target.ts';
import type { TargetChoice } from '../../../target/target-flags.ts';
import { reportTarget } from '../../../target/tls/reported-target.ts';
import { systemClock } from '../../../time/clock.ts';
import { renderMicros } from '../../../units/duration.ts';
import { looksLikeUrl } from '../../../wire/address/hub-urls.ts';
import { isTlsUrl } from '../../../wire/tls/tls-settings.ts';
import { EXIT_CODE, type ExitCode } from '../../exit-code.ts';
import { interruptOnSignal } from '../../interruption.ts';
import type { OptionValues, ParsedLine } from '../../options/command-line.ts';
import {
  mustBeLoopback,
  mustHaveRows,
  mustParseTarget,
  readIdentityValues,
  readTlsValues,
} from '../../options/target-choice.ts';
import { UsageError } from '../../options/usage-error.ts';
import { mustBeWritable } from '../../output/report-files.ts';
import { mustWantMachines, withMachines } from '../agents/want-machines.ts';
import { mustCreatePlan, mustHaveRoom } from '../options/load-plan.ts';
import { AB_DEFAULTS, AB_SPEC } from '../specs/ab-spec.ts';
import { readSettings, reportComparison } from './compare-report.ts';

type AbValues = OptionValues<typeof AB_SPEC.options>;

export async function ab(line: ParsedLine<typeof AB_SPEC.options>): Promise<ExitCode> {
  const { values } = line;
  const [wordA, wordB] = line.positionals;
  if (wordA === undefined || wordB === undefined)
    throw new UsageError(`expected two hubs, A and B (usage: ${AB_SPEC.program} ${AB_SPEC.usage})`);
  const plan = createSegmentPlan(values);
  const wanted = mustWantMachines(values, plan, 1);
  const choices = { a: readHubWord(wordA, values), b: readHubWord(wordB, values) };
  for (const choice of Object.values(choices)) {
    mustHaveRows(choice, cohortsAtMost(plan));
    // One is loaded at a time. Agents show what they can carry when they are found.
    if (wanted === undefined)
      await mustHaveRoom({ ...plan, clients: countClients(plan.cohorts), hubs: [hubAhead(choice)] });
  }
  mustBeWritable(values.output ?? 'reports');
  const interruption = interruptOnSignal(AB_SPEC.program);
  const work = async (machines: Machines | undefined): Promise<ExitCode> => {
    const a = await mustStart('A', choices.a, plan);
    if (!a) return EXIT_CODE.target;
    try {
      const b = await mustStart('B', choices.b, plan);
      if (!b) return EXIT_CODE.target;
      try {
        const words = { a: wordA, b: wordB };
        return await runAndReport({ a, b }, words, { plan, values, machines, interruption });
      } finally {
        await b.close();
      }
    } finally {
      await a.close();
    }
  };
  const code = await withMachines(wanted, AB_SPEC.program, console.error, work);
  return code ?? EXIT_CODE.inconclusive;
}

function createSegmentPlan(values: AbValues): LoadPlan {
  const hasClients = values.clients !== undefined || values.cohort !== undefined;
  const hasTimes = values.scenario !== undefined || values.speed !== undefined;
  const isStaged = typeof values.rate === 'string' || values.stages !== undefined;
  const plan = mustCreatePlan({
    ...values,
    clients: hasClients ? values.clients : AB_DEFAULTS.clients,
    rate: values.rate ?? (hasTimes ? undefined : AB_DEFAULTS.rate),
    duration: values.duration ?? (isStaged ? undefined : AB_DEFAULTS.segmentMillis),
    warmup: values.warmup ?? AB_DEFAULTS.warmupMillis,
  });
  if (plan.faults.length > 0)
    throw new UsageError(
      '--scenario: ab compares hubs without faults; use scenarios with faults in a single run',
    );
  const wanted = leastPairs(readSettings(values, values.seed).confidence);
  if ((values.pairs ?? AB_DEFAULTS.pairs) < wanted)
    throw new UsageError(
      `--pairs: expected at least ${wanted} for this --confidence, got ${values.pairs ?? AB_DEFAULTS.pairs}`,
    );
  return plan;
}

function readHubWord(word: string, values: AbValues): TargetChoice {
  const isUrl = looksLikeUrl(word);
  const hub = isUrl ? { url: word } : word === 'reference' ? {} : { spawn: word };
  // Of two hubs one may be reached without TLS.
  const isPlain = isUrl ? !isTlsUrl(word) : word === 'reference';
  const tls = isPlain ? {} : readTlsValues(values);
  const choice = mustParseTarget({ ...hub, ...tls, ...readIdentityValues(values) }, `${word}: `);
  return mustBeLoopback(choice, values['allow-remote-target'] ?? false);
}

async function mustStart(
  side: string,
  choice: TargetChoice,
  { clientBufferMessages, compression }: LoadPlan,
): Promise<Target | undefined> {
  const start = await startChosenTarget(choice, { clientBufferMessages, compression });
  if (!start.ok) {
    console.error(`${AB_SPEC.program}: ${side}: ${start.problem}`);
    return undefined;
  }
  const { target } = start;
  void target.died.catch(() => {});
  if (target.abilities.broadcast) return target;
  console.error(
    `${AB_SPEC.program}: ${side}: ab needs two hubs that can be made to broadcast: ${target.abilities.missing.broadcast}`,
  );
  await target.close();
  return undefined;
}

interface Comparison {
  readonly plan: LoadPlan;
  readonly values: AbValues;
  /** Where the clients are; undefined: on this one. */
  readonly machines: Machines | undefined;
  readonly interruption: AbortSignal;
}

async function runAndReport(
  targets: Readonly<Record<Side, Target>>,
  words: Readonly<Record<Side, string>>,
  { plan, values, machines, interruption }: Comparison,
): Promise<ExitCode> {
  const version = kitVersion();
  const runLoad = machines?.run ?? runLoadHere;
  const outcome = await runInterleaved({
    pairs: values.pairs ?? AB_DEFAULTS.pairs,
    runSegment: (side) =>
      runLoad({
        target: targets[side],
        plan,
        kitVersion: version,
        clock: systemClock,
        // A signal for each segment, so that listeners do not accumulate.
        interruption: AbortSignal.any([interruption]),
        onProgress() {},
      }),
    readHubCpuSeconds: async (side) => (await targets[side].resources())?.cpuSeconds,
    clock: systemClock,
    interruption,
    onPair(pair, index) {
      if (!values['no-progress']) console.error(pairLine(pair, index));
    },
  });
  const sideOf = (side: Side) => ({
    label: words[side],
    target: reportTarget(targets[side]),
  });
  const result = comparePairs(
    outcome,
    { a: sideOf('a'), b: sideOf('b') },
    readSettings(values, values.seed),
    version,
  );
  const code = reportComparison(AB_SPEC.program, result, values);
  if (interruption.aborted) return EXIT_CODE.interrupted;
  return outcome.hasTargetFailed ? EXIT_CODE.target : code;
}

function pairLine({ first, a, b }: Pair, index: number): string {
  const p99 = ({ result }: Pair['a']) => {
    const [cohort] = result.cohorts;
    return cohort && cohort.latencyMicros.count > 0 ? renderMicros(cohort.latencyMicros.p99) : '-';
  };
  const order = first === 'a' ? 'A B' : 'B A';
  return `pair ${String(index + 1).padStart(3)} (${order})  p99 of ${a.result.cohorts[0]?.name ?? 'no cohort'}: A ${p99(a)}, B ${p99(b)}`;
}
