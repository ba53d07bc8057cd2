// The loadtest.json that a command line names.
import { readLoadtest } from '../../../load/result/read-loadtest.ts';
import type { LoadtestResult } from '../../../load/result/result.ts';
import { UsageError } from '../../options/usage-error.ts';

export function mustReadLoadtest(path: string): LoadtestResult {
  const file = readLoadtest(path);
  if (!file.ok) throw new UsageError(file.problem);
  return file.value;
}
