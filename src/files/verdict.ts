// The verdict of a whole run, by the same three words in every result file, report and exit code.

/** passed: everything that was judged passed; failed: something did not; inconclusive: something, or everything, could not be judged. */
export type Verdict = 'passed' | 'failed' | 'inconclusive';
