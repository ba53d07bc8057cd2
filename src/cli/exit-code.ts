// Exit codes: one table for all three programs.

export const EXIT_CODE = {
  passed: 0,
  failed: 1,
  usage: 2,
  target: 3,
  inconclusive: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];

export type ExitCodeMeaning = readonly [code: ExitCode, meaning: string];

/** Also a meaning of 3, of every command that writes. */
export const UNWRITTEN = 'a report could not be written';

/** For `--help` and the documentation. */
export const EXIT_CODE_MEANINGS: readonly ExitCodeMeaning[] = [
  [0, 'passed: every check and threshold that was judged holds'],
  [1, 'failed: a check failed, a threshold was breached, or a known-failing check passed'],
  [2, 'bad usage or bad file'],
  [3, `the target could not be reached, the adapter failed, or ${UNWRITTEN}`],
  [4, 'inconclusive: the generator was the bottleneck, or what matters was not judged'],
  [130, 'interrupted; measurements so far are reported and marked partial'],
];
