// A conformance run as a badge: how many of the judged checks passed, and the color of the worst verdict.
import type { ConformanceResult } from '../../conformance/result.ts';
import { type Badge, renderBadge } from '../format/badge.ts';

export function renderConformanceBadge(result: ConformanceResult): string {
  const { pass, fail, warn, error } = result.summary;
  const message = `${pass} of ${pass + fail + warn + error} passed`;
  return renderBadge({ label: 'conformance', message, color: colorOf(result) });
}

function colorOf({ verdict, summary }: ConformanceResult): Badge['color'] {
  if (verdict === 'failed') return 'red';
  if (verdict === 'inconclusive' || summary.pass === 0) return 'lightgrey';
  return summary.warn > 0 || summary.fail > 0 ? 'yellow' : 'brightgreen';
}
