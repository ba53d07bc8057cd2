// Flags and exit codes that compare and ab share.
import { parsed, unparsed } from '../../../units/parsed.ts';
import type { OptionValues } from '../../options/command-line.ts';
import { choice, single, text } from '../../options/option.ts';

const share = (describe: string, least: number, most: number) =>
  single(describe, 'SHARE', (word) => {
    const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(word)?.[1]);
    return percent >= least && percent <= most
      ? parsed(percent / 100)
      : unparsed<number>(`expected ${least}% to ${most}%, got "${word}"`);
  });

export const COMPARE_OPTIONS = {
  'fail-on': choice<'worse'>('Exit with 1 when something is worse', 'WHAT', ['worse']),
  difference: share('Smallest difference that counts [5%]', 0, 1_000),
  confidence: share(
    'Confidence of the intervals; a higher one reports fewer differences by chance [99%]',
    50,
    99.9,
  ),
  output: text('Folder for compare.json and compare.md [reports]', 'DIR'),
} as const;

export type CompareValues = OptionValues<typeof COMPARE_OPTIONS>;

export const COMPARE_EXIT_CODES = [
  [0, 'compared; with --fail-on worse: nothing is worse'],
  [1, 'with --fail-on worse: something is worse'],
  [2, 'bad usage or bad file'],
] as const;
