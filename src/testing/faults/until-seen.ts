// Repeats a load test whose measured time a busy machine used up before its faults had begun, or before the hub was seen again.
import type { LoadtestResult } from '../../load/result/result.ts';
import { untilDecided } from '../defect-tests/until-decided.ts';

const UNSEEN = ['not-injected', 'not-seen'];

export const untilSeen = (run: () => Promise<LoadtestResult>): Promise<LoadtestResult> =>
  untilDecided(run, ({ findings }) => findings.some(({ name }) => UNSEEN.includes(name)));
