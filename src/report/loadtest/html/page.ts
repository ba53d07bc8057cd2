// loadtest.html: one or several load tests as one file that needs nothing else.
import type { LoadtestResult } from '../../../load/result/result.ts';
import { isEmpty } from '../../format/html.ts';
import { type PageContent, renderPage } from '../../page/page-frame.ts';
import { type PageSection, renderSection } from '../../page/sections.ts';
import { targetWords } from '../../target-words.ts';
import { foldPageData } from '../charts/charts.ts';
import { renderFigures } from '../charts/figures.ts';
import type { NamedRun } from '../charts/run-lines.ts';
import { VERDICT_WORDS } from '../facts.ts';
import { renderComparison } from './comparison.ts';
import { renderEvictions } from './evictions.ts';
import { renderFaults } from './faults.ts';
import {
  renderCohorts,
  renderEnvironment,
  renderGenerator,
  renderHub,
  renderIsolation,
} from './run-sections.ts';
import { LOADTEST_STYLE } from './style.ts';
import { renderFindings, renderThresholds, renderTiles, renderVerdict } from './verdict.ts';

const RUN_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** One page for one run; for several, a page that compares the others with the first. */
export function renderLoadtestHtml(results: readonly LoadtestResult[]): string {
  const [first] = results;
  if (!first) throw new RangeError('a page needs a result');
  return results.length === 1 ? renderOne(first) : renderSeveral(results);
}

function renderOne(result: LoadtestResult): string {
  const { verdict, target, startedAt } = result;
  const data = foldPageData([{ name: '', result }]);
  return pageOf({
    title: `Load test: ${VERDICT_WORDS[verdict]}`,
    heading: 'Load test',
    about: `${targetWords(target)}, ${startedAt}`,
    top: [renderVerdict(result), renderTiles(result)],
    data,
    sections: [
      { id: 'thresholds', title: 'Thresholds', content: renderThresholds(result) },
      { id: 'findings', title: 'Findings', content: renderFindings(result) },
      { id: 'charts', title: 'Charts', content: renderFigures(data), isBare: true },
      { id: 'faults', title: 'Faults', content: renderFaults(result), isLong: true },
      { id: 'cohorts', title: 'Cohorts', content: renderCohorts(result) },
      { id: 'evictions', title: 'Anatomy of the evictions', content: renderEvictions(result), isLong: true },
      { id: 'isolation', title: 'Isolation', content: renderIsolation(result) },
      { id: 'generator', title: 'Generator health', content: renderGenerator(result) },
      { id: 'hub', title: 'Hub', content: renderHub(result) },
      { id: 'environment', title: 'Run and environment', content: renderEnvironment(result) },
    ],
  });
}

function renderSeveral(results: readonly LoadtestResult[]): string {
  const runs: NamedRun[] = results.map((result, at) => ({ name: RUN_LETTERS[at] ?? String(at + 1), result }));
  const data = foldPageData(runs);
  return pageOf({
    title: `Load tests compared: ${results.length} runs`,
    heading: 'Load tests compared',
    about: `${results.length} runs`,
    data,
    sections: [
      { id: 'comparison', title: 'Runs', content: renderComparison(runs) },
      { id: 'charts', title: 'Charts', content: renderFigures(data), isBare: true },
    ],
  });
}

type Parts = Pick<PageContent, 'title' | 'heading' | 'about' | 'top' | 'data'> & {
  readonly sections: readonly (PageSection & { readonly content: ReturnType<typeof renderFigures> })[];
};

/** Sections without content are left out. */
function pageOf({ sections, ...content }: Parts): string {
  const shown = sections.filter((section) => !isEmpty(section.content));
  return renderPage({
    ...content,
    sections: shown,
    main: shown.map(renderSection),
    footer:
      'Latency counts from when an event was due. This file needs no network; every number in it comes from loadtest.json.',
    styles: [LOADTEST_STYLE],
    script: new URL('./scripts/page.js', import.meta.url),
    hasCharts: true,
  });
}
