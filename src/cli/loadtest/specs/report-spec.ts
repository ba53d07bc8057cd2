// What norn-loadtest report takes on its command line.
import { UNWRITTEN } from '../../exit-code.ts';
import { flag, text } from '../../options/option.ts';

/** More runs than this cannot be distinguished in a chart. */
const MAX_FILES = 8;

export const REPORT_SPEC = {
  program: 'norn-loadtest report',
  usage: 'FILE.json… [options]',
  describe:
    'Renders earlier results. Without an option it prints the summary; several files with --html become one page that compares them.',
  maxPositionals: MAX_FILES,
  options: {
    html: flag('Write DIR/loadtest.html'),
    markdown: flag('Write DIR/loadtest.md (of one file)'),
    output: text('Folder for what is written [reports]', 'DIR'),
  },
  examples: [
    ['norn-loadtest report reports/loadtest.json --html', 'the page of an old run'],
    ['norn-loadtest report before.json after.json --html', 'two runs on one page'],
  ],
  exitCodes: [
    [0, 'rendered, whatever the verdicts are'],
    [2, 'bad usage or bad file'],
    [3, UNWRITTEN],
  ],
} as const;
