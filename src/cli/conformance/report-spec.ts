// What norn-conformance report takes on its command line.
import {
  CONFORMANCE_REPORTER_ALIASES,
  CONFORMANCE_REPORTERS,
} from '../../report/conformance/reporter-names.ts';
import { choices, text } from '../options/option.ts';

/** More columns than this do not fit on a page. */
const MAX_FILES = 12;
export const GRID_FILE = 'conformance-grid.html';

export const REPORT_SPEC = {
  program: 'norn-conformance report',
  usage: 'FILE.json… [options]',
  describe:
    'Renders earlier results. One file becomes the reports that --reporter names; files of several hubs become one page with a column for each.',
  maxPositionals: MAX_FILES,
  options: {
    reporter: choices(
      `${CONFORMANCE_REPORTERS.join(', ')}; of one file; repeatable [terminal]`,
      'NAME',
      CONFORMANCE_REPORTERS,
      CONFORMANCE_REPORTER_ALIASES,
    ),
    output: text(`Folder for what is written; a grid is DIR/${GRID_FILE} [reports]`, 'DIR'),
  },
  examples: [
    ['norn-conformance report reports/conformance.json --reporter html', 'the page of an old run'],
    ['norn-conformance report go/conformance.json node/conformance.json', 'two hubs side by side'],
  ],
} as const;
