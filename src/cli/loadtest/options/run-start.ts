// From the flags of a start to what the run waits for. A time in the past is a mistake of the command line.
import { systemClock } from '../../../time/clock.ts';
import type { OptionValues } from '../../options/command-line.ts';
import { UsageError } from '../../options/usage-error.ts';
import { type Start, timeOfStart } from '../await-start.ts';
import { DEFAULT_START_DEADLINE_MILLIS, type START_OPTIONS } from './start-options.ts';

export function mustPlanStart(values: OptionValues<typeof START_OPTIONS>): Start {
  const written = values['start-at'];
  const at = written === undefined ? undefined : timeOfStart(written, systemClock.wallMillis());
  if (at?.ok === false) throw new UsageError(`--start-at: ${at.problem}`);
  if (values['start-deadline'] !== undefined && values['start-when'] === undefined)
    throw new UsageError('--start-deadline: has no effect without --start-when');
  return {
    atWallMillis: at?.value,
    signal: values['start-when'],
    deadlineMillis: values['start-deadline'] ?? DEFAULT_START_DEADLINE_MILLIS,
  };
}
