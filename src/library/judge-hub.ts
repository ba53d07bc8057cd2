// norn-conformance as a function, for test suites written in JavaScript.
import type { KnownFailing } from '../conformance/known-failing.ts';
import { CHECKS } from '../conformance/registry.ts';
import type { CheckResult, ConformanceResult } from '../conformance/result.ts';
import { runConformance } from '../conformance/run/run-conformance.ts';
import { LEVELS, type Selection, selectChecks } from '../conformance/run/selection.ts';
import { createSettings, type GivenSettings, SETTINGS_RULES } from '../conformance/run/settings.ts';
import type { Verdict } from '../files/verdict.ts';
import { KitError } from '../kit/kit-error.ts';
import { kitVersion } from '../kit/kit-version.ts';
import {
  ABORT_SIGNAL,
  CALLABLE,
  NON_EMPTY_TEXT,
  type OptionRules,
  oneOf,
  requireOptions,
  TEXTS,
  TRUE_OR_FALSE,
} from '../kit/option-rules.ts';
import { HUB_UNDER_TEST_RULES, type HubUnderTest, withHub } from './hub-under-test.ts';

export interface JudgeOptions extends HubUnderTest, Selection, GivenSettings {
  /** Warnings count against the hub too. */
  readonly strict?: boolean;
  /** Failures that are accepted for now; one that passes counts against the hub. */
  readonly knownFailing?: readonly KnownFailing[];
  /** Aborted: the call resolves soon, with what was judged, marked `partial`. */
  readonly signal?: AbortSignal;
  /** Called once for each check, as soon as its result is there. */
  readonly onResult?: (result: CheckResult) => void;
}

export interface Judgement {
  /** passed: nothing counts against the hub; inconclusive: something could not be judged, or nothing was. */
  readonly verdict: Verdict;
  /** The content of `conformance.json`. */
  readonly result: ConformanceResult;
}

const JUDGE_RULES: OptionRules<JudgeOptions> = {
  ...HUB_UNDER_TEST_RULES,
  ...SETTINGS_RULES,
  only: TEXTS,
  skip: TEXTS,
  level: oneOf(LEVELS),
  strict: TRUE_OR_FALSE,
  knownFailing: {
    expected: 'a list of { id, reason }, each a text that is not empty',
    accepts: (value) =>
      Array.isArray(value) &&
      value.every((entry) => NON_EMPTY_TEXT.accepts(entry?.id) && NON_EMPTY_TEXT.accepts(entry?.reason)),
  },
  signal: ABORT_SIGNAL,
  onResult: CALLABLE,
};

/**
 * Judges a hub, clause by clause. What the hub does wrong is in the result.
 *
 * @throws {KitError} `BAD_OPTION` before anything starts; `TARGET_FAILED` when the hub cannot be reached or started.
 * @example
 * const { verdict, result } = await judgeHub({ url, level: 'must' });
 * if (verdict !== 'passed') console.log(renderConformance(result, 'terminal'));
 */
export async function judgeHub(options: JudgeOptions = {}): Promise<Judgement> {
  requireOptions(options, JUDGE_RULES);
  const checks = selectChecks(CHECKS, options);
  if (!checks.ok) throw new KitError('BAD_OPTION', checks.problem);
  const unknown = options.knownFailing?.find(({ id }) => !CHECKS.some((check) => check.id === id));
  if (unknown) throw new KitError('BAD_OPTION', `knownFailing: no check is called ${unknown.id}`);
  if (options.origin !== undefined)
    throw new KitError('BAD_OPTION', 'origin: the checks send origins of their own; leave it out');
  const settings = createSettings(options);
  const { clientBufferMessages, allowedOrigins, pingIntervalMillis } = settings;
  const reference = { clientBufferMessages, allowedOrigins, pingIntervalMillis };
  return withHub(options, reference, async (target) => {
    const result = await runConformance({
      checks: checks.value,
      target,
      settings,
      kit: { name: 'norn-loadtest', version: kitVersion() },
      command: `norn-conformance ${target.url} --seed ${settings.seed}`,
      strict: options.strict ?? false,
      knownFailing: options.knownFailing ?? [],
      ...(options.signal && { signal: options.signal }),
      ...(options.onResult && { onResult: options.onResult }),
    });
    return { verdict: result.verdict, result };
  });
}
