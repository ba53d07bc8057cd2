// What a publisher that fails means for the run: whose fault it is, as far as that shows.
import {
  describeBlockedProducer,
  describeSetupProblem,
  describeUnanswered,
} from '../../result/findings/publishing.ts';
import { findBlockingCohort } from '../phases/release.ts';
import type { RunContext } from '../run-context.ts';

/** A hub that answers within this time is there. */
const CONTROL_DEADLINE_MILLIS = 5_000;

type JudgedRun = Pick<RunContext, 'plan' | 'pool' | 'control' | 'watch' | 'publisher' | 'report'>;

/**
 * Ends the run after a failure of the publisher. An agent that cannot reach a hub which answers the coordinator blames nobody. A hub
 * that does not answer in time is called blocked by a slow client only when it answers as soon as such clients read on.
 */
export async function judgePublishFailure(context: JudgedRun): Promise<void> {
  const { publisher, control, report } = context;
  const { failure } = publisher;
  if (!failure || control.stop !== undefined) return;
  if (failure.kind === 'unreachable' && publisher.hasAgentFailed) {
    const isThere = await publisher.control(CONTROL_DEADLINE_MILLIS);
    if (isThere)
      return control.stopEarly(
        'kit',
        `the hub answers the coordinator, but not an agent: ${failure.problem}`,
      );
  }
  if (failure.kind !== 'timeout') {
    control.stopEarly(
      'target',
      failure.kind === 'refused'
        ? describeSetupProblem(failure.problem)
        : `the hub stopped taking broadcasts: ${failure.problem}`,
    );
    return;
  }
  const { longest, longestAlone = null } = publisher.record.result(publisher.measuredFromMicros);
  if (longest !== null) {
    const cohort = longest.slowClients > 0 ? await findBlockingCohort(context) : undefined;
    report(
      cohort === undefined
        ? describeUnanswered(longest, longestAlone)
        : describeBlockedProducer(longest, cohort, 'and the hub answered again as soon as they read on'),
    );
  }
  control.stopEarly('kit', failure.problem);
}
