// norn-loadtest replay as a function, for one fixture.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { groupSizes, loadFixture } from '../fixture/format/fixture.ts';
import { SHIPPED_FOLDER } from '../fixture/format/shipped-fixtures.ts';
import { createReplayResult, type ReplayResult } from '../fixture/judge/replay-result.ts';
import { runFixture } from '../fixture/run/run-fixture.ts';
import { KitError } from '../kit/kit-error.ts';
import { ABORT_SIGNAL, type OptionRules, requireOptions } from '../kit/option-rules.ts';
import type { Target } from '../target/target.ts';
import { systemClock } from '../time/clock.ts';
import { HUB_UNDER_TEST_RULES, type HubUnderTest, withHub } from './hub-under-test.ts';

export interface ReplayOptions extends HubUnderTest {
  /** Aborted: the call resolves soon; what could not be judged is listed in `obstacles`. */
  readonly signal?: AbortSignal | undefined;
}

const REPLAY_RULES: OptionRules<ReplayOptions> = { ...HUB_UNDER_TEST_RULES, signal: ABORT_SIGNAL };

/**
 * Runs a fixture against a hub and says whether the hub has its bug. Without a hub the reference hub is started as
 * the fixture describes it.
 *
 * @param fixture A file, or the name of a shipped fixture such as `stuck-writer`.
 * @returns One entry of `replay.json`; its times are in milliseconds.
 * @throws {KitError} `BAD_OPTION` for an option or a fixture that cannot be read; `TARGET_FAILED` when the hub cannot
 * be reached or started.
 * @example
 * const { verdict, outcomes } = await replayFixture('stuck-writer', { url });
 * if (verdict === 'reproduced') console.log(outcomes);
 */
export async function replayFixture(fixture: string, options: ReplayOptions = {}): Promise<ReplayResult> {
  requireOptions(options, REPLAY_RULES);
  const shipped = join(SHIPPED_FOLDER, `${fixture}.yaml`);
  const file = !existsSync(fixture) && existsSync(shipped) ? shipped : fixture;
  const loaded = loadFixture(file);
  if (!loaded.ok) throw new KitError('BAD_OPTION', `fixture: ${loaded.problem}`);
  const { clientBufferMessages, allowedOrigins, evictionGraceMillis } = loaded.value;
  const reference = { clientBufferMessages, allowedOrigins, evictionGraceMillis };
  const replay = async (target: Target) => {
    const interruption = options.signal ?? new AbortController().signal;
    const run = await runFixture({ fixture: loaded.value, target, clock: systemClock, interruption });
    return createReplayResult(run, file);
  };
  return withHub(options, reference, replay, groupSizes(loaded.value));
}
