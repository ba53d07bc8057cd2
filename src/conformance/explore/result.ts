// What an exploration found, as data: explore.json is this, and every report is a function of it.

import type { Verdict } from '../../files/verdict.ts';
import type { ReportedTarget } from '../../target/tls/reported-target.ts';
import { reportTarget } from '../../target/tls/reported-target.ts';
import type { RunEnvironment } from '../run/run-environment.ts';
import { findKnownReason } from './known-findings.ts';
import type { ViolationKind } from './oracle/violation.ts';
import type { Coverage, CoverageCount } from './program/coverage.ts';
import type { Program } from './program/program.ts';
import { describeProgram } from './program/program.ts';
import { type Finding, idOf, titleOf } from './search/finding.ts';
import type { ExploreOptions } from './search/on-living-hub.ts';

const EXPLORE_SCHEMA_VERSION = 1;

export interface ExploreFinding {
  /** Stable for a bug: its kind, and the factors without which it does not show. */
  readonly id: string;
  readonly kind: ViolationKind;
  readonly title: string;
  /** Who showed it, and what was seen. */
  readonly who: string;
  readonly got: string;
  /** Other rules that were broken with it. */
  readonly also: readonly string[];
  /** fresh: on a hub that was just started; living: on the running one; again: seen more than once, but not at will. */
  readonly reproduced: 'fresh' | 'living' | 'again';
  /** How often its file was tried at the end of the search, and how often it showed the finding. */
  readonly replays: { readonly tries: number; readonly shown: number };
  /** The programs run up to so often on one hub: more than once where the bug needs luck. */
  readonly repeat: number;
  /** Why it is accepted for now (`--known-failing`); it does not fail the run then. */
  readonly knownFailing?: string;
  /** Programs that showed it. */
  readonly seen: number;
  readonly programs: readonly Program[];
  /** Written beside the reports; replays the programs. */
  readonly fileName: string;
  readonly command: string;
}

export interface ExploreResult {
  readonly schemaVersion: typeof EXPLORE_SCHEMA_VERSION;
  readonly kit: { readonly name: string; readonly version: string };
  readonly target: ReportedTarget;
  readonly seed: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** What the run was given. */
  readonly timeMs: number;
  readonly verdict: Verdict;
  /** The run was interrupted. */
  readonly partial: boolean;
  readonly environment: RunEnvironment;
  readonly programs: number;
  readonly findings: readonly ExploreFinding[];
  /** Failures that did not come again, one line each; they do not fail the run. */
  readonly unconfirmed: readonly string[];
  readonly coverage: {
    readonly values: CoverageCount;
    readonly pairs: CoverageCount;
    readonly missingValues: readonly string[];
    /** The first of them. */
    readonly missingPairs: readonly string[];
  };
  /** Why the search ended before its time; null when it did not. */
  readonly obstacle: string | null;
  readonly command: string;
}

/** What the search itself knows. */
export interface ExploreRun {
  readonly programs: number;
  readonly findings: readonly Finding[];
  readonly unconfirmed: readonly {
    readonly program: Program;
    readonly violation: Finding['violation'];
  }[];
  readonly coverage: Coverage;
  readonly lossReason: string | undefined;
}

export interface ResultParts extends ExploreRun {
  readonly options: ExploreOptions;
  readonly startedAt: string;
  readonly durationMillis: number;
  readonly environment: RunEnvironment;
  readonly isPartial: boolean;
}

const SHOWN_PAIRS = 40;

export function createExploreResult(parts: ResultParts): ExploreResult {
  const { options, coverage, isPartial, lossReason } = parts;
  const { target, settings } = options;
  const findings = parts.findings.map((finding, at) => describeFinding(finding, at, options));
  const isInconclusive = isPartial || parts.programs === 0 || lossReason !== undefined;
  return {
    schemaVersion: EXPLORE_SCHEMA_VERSION,
    kit: options.kit,
    target: reportTarget(target),
    seed: settings.seed,
    startedAt: parts.startedAt,
    durationMs: Math.round(parts.durationMillis),
    timeMs: options.timeMillis,
    verdict: findings.some(({ knownFailing }) => knownFailing === undefined)
      ? 'failed'
      : isInconclusive
        ? 'inconclusive'
        : 'passed',
    partial: isPartial,
    environment: parts.environment,
    programs: parts.programs,
    findings,
    unconfirmed: parts.unconfirmed.map(
      ({ program, violation: { kind, who, got } }) =>
        `${kind}: ${who}: ${got} (${describeProgram(program).join(', ') || 'a plain program'})`,
    ),
    coverage: {
      values: coverage.values,
      pairs: coverage.pairs,
      missingValues: coverage.missingValues(),
      missingPairs: coverage.missingPairs(SHOWN_PAIRS),
    },
    obstacle: lossReason ?? null,
    command: options.command,
  };
}

function describeFinding(
  finding: Finding,
  at: number,
  { settings, knownFailing = [] }: ExploreOptions,
): ExploreFinding {
  const id = idOf(finding);
  const reason = findKnownReason(id, knownFailing);
  const { kind, violation, also, reproduced, tries, shown, rounds, seen, programs } = finding;
  const fileName = `explore-${settings.seed}-${at + 1}.json`;
  return {
    id,
    kind,
    title: titleOf(finding),
    who: violation.who,
    got: violation.got,
    also,
    reproduced,
    replays: { tries, shown },
    repeat: rounds,
    ...(reason === undefined ? {} : { knownFailing: reason }),
    seen,
    programs,
    fileName,
    command: settings.replayCommand(fileName),
  };
}
