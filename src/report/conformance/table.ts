// The end of a conformance run on a terminal: what failed and why first, then the chapters in numbers.
import type { CheckResult, ConformanceResult } from '../../conformance/result.ts';
import { groupBy } from '../format/group-by.ts';
import { renderTable } from '../format/terminal-table.ts';
import {
  causeLines,
  countsLine,
  noticeLines,
  reasonLines,
  rerunCommand,
  targetLine,
  VERDICT_ORDER,
  VERDICT_WORDS,
  wireLine,
  withVerdict,
} from './facts.ts';
import { measurementName, measurementText } from './measurement-text.ts';

const SHOWN_WIRE_ENTRIES = 8;

export function renderConformanceTable(result: ConformanceResult): string {
  const detailed = withVerdict(result, 'fail', 'error');
  const brief = withVerdict(result, 'warn', 'skip');
  const sections = [
    targetLine(result),
    renderCauses(result),
    ...detailed.map((check) => renderDetailed(result, check)),
    renderBriefly(brief),
    renderChapters(result),
    renderMeasurements(result),
    noticeLines(result).join('\n'),
    countsLine(result),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function renderCauses(result: ConformanceResult): string {
  const lines = causeLines(result);
  return lines.length === 0
    ? ''
    : ['What is probably wrong:', ...lines.map((line) => `  - ${line}`)].join('\n');
}

function headline({ verdict, level, id, title }: CheckResult): string {
  return `${VERDICT_WORDS[verdict].padEnd(5)} ${level.padEnd(6)} ${id}  ${title}`;
}

function renderDetailed(result: ConformanceResult, check: CheckResult): string {
  const lastWire = check.wire.slice(-SHOWN_WIRE_ENTRIES).map(wireLine);
  const lines = [
    `${check.clause.source}: ${shorten(check.clause.quote)}`,
    ...reasonLines(check),
    ...(lastWire.length === 0 ? [] : ['last on the wire:', ...lastWire]),
    `run again ${rerunCommand(result, check)}`,
    `about it  norn-conformance --explain ${check.id}`,
  ];
  return [headline(check), ...lines.map((line) => `      ${line}`)].join('\n');
}

function renderBrief(check: CheckResult): string {
  return [headline(check), ...reasonLines(check).map((line) => `      ${line}`)].join('\n');
}

/** More checks than this with one reason are one line. */
const MANY_ALIKE = 5;

function renderBriefly(checks: readonly CheckResult[]): string {
  const groups = groupBy(checks, ({ verdict, reason, id }) => (verdict === 'skip' ? `skip ${reason}` : id));
  return [...groups.values()]
    .flatMap((group) =>
      group.length <= MANY_ALIKE
        ? group.map(renderBrief)
        : [`${VERDICT_WORDS.skip.padEnd(5)} ${group.length} checks: ${group[0]?.reason}`],
    )
    .join('\n');
}

function renderChapters({ checks }: ConformanceResult): string {
  const chapters = [...new Set(checks.map(({ chapter }) => chapter))];
  if (chapters.length === 0) return '';
  const rows = chapters.map((chapter) => {
    const inChapter = checks.filter((check) => check.chapter === chapter);
    const count = (verdict: string): string =>
      String(inChapter.filter((check) => check.verdict === verdict).length || '');
    return [chapter, ...VERDICT_ORDER.map(count)];
  });
  return renderTable({ head: ['chapter', ...VERDICT_ORDER], rows });
}

function renderMeasurements({ measurements }: ConformanceResult): string {
  const entries = Object.entries(measurements);
  if (entries.length === 0) return '';
  const width = Math.max(...entries.map(([name]) => measurementName(name).length));
  return entries
    .map(([name, measured]) => `${measurementName(name).padEnd(width)}  ${measurementText(name, measured)}`)
    .join('\n');
}

function shorten(quote: string): string {
  return quote.length > 160 ? `${quote.slice(0, 157)}...` : quote;
}
