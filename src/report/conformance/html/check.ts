// One check of conformance.html: a line that opens to its clause, why the verdict is what it is, and what was on the wire.
import type { CheckResult, ConformanceResult } from '../../../conformance/result.ts';
import { type Html, html } from '../../format/html.ts';
import { renderFacts } from '../../page/sections.ts';
import { reasonPairs, rerunCommand, VERDICT_WORDS } from '../facts.ts';
import { renderSequence } from './sequence.ts';
import { renderWire } from './wire.ts';

export function renderCheck(result: ConformanceResult, check: CheckResult, isOpen: boolean): Html {
  const { id, chapter, verdict, level, title, clause, evidence, wire, durationMs, knownFailing } = check;
  const known = knownFailing === undefined ? '' : ', known';
  const reasons = reasonPairs(check);
  return html`<details class="check item" id="${id}" data-chapter="${chapter}" data-verdict="${verdict}"${isOpen && html` open`}>
<summary><span class="verdict ${verdict}">${VERDICT_WORDS[verdict]}</span><span class="name">${title} <code>${id}</code></span><span class="quiet">${level}${known}, ${durationMs} ms</span></summary>
<blockquote><cite>${clause.source}</cite> ${clause.quote}</blockquote>
${reasons.length > 0 && renderFacts(reasons)}${renderLines('Evidence', evidence)}${renderSequence(wire)}${renderWire(wire)}${renderLines('Run it again', [rerunCommand(result, check)])}
</details>
`;
}

function renderLines(title: string, lines: readonly string[]): Html | false {
  return lines.length > 0 && html`<h3>${title}</h3><pre>${lines.join('\n')}</pre>`;
}
