// Verdicts in numbers, as conformance.html and the grid show them: the boxes of the filter and a bar of shares.
import type { Verdict } from '../../../conformance/finding.ts';
import { type Html, html } from '../../format/html.ts';
import type { FilterParts } from '../../page/filter.ts';
import { VERDICT_ORDER, VERDICT_WORDS } from '../facts.ts';

export type VerdictCounts = Readonly<Record<Verdict, number>>;

export function countVerdicts(verdicts: readonly Verdict[]): VerdictCounts {
  const counts = { fail: 0, error: 0, warn: 0, skip: 0, pass: 0 };
  for (const verdict of verdicts) counts[verdict]++;
  return counts;
}

export function filterVerdicts(
  counts: VerdictCounts,
  labelOf: (verdict: Verdict) => string,
): FilterParts['verdicts'] {
  return VERDICT_ORDER.map((verdict) => ({ verdict, label: labelOf(verdict), count: counts[verdict] }));
}

/** One bar: how many of each verdict, the worst first. */
export function renderShare(counts: VerdictCounts): Html {
  const parts = VERDICT_ORDER.filter((verdict) => counts[verdict] > 0);
  const words = parts.map((verdict) => `${counts[verdict]} ${VERDICT_WORDS[verdict]}`).join(', ');
  const bars = parts.map((verdict) => html`<i class="${verdict}" style="flex:${counts[verdict]}"></i>`);
  return html`<div class="share" role="img" aria-label="${words}">${bars}</div>`;
}
