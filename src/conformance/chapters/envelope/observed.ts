// A hub that can only be watched: the events of its own producers, as they come.
import { parseEnvelope } from '../../../protocol/envelope-validation.ts';
import type { Check } from '../../check.ts';
import { FACTS, fail, listSome, pass, skip, warn } from '../../finding.ts';

const WATCH_MILLIS = 5_000;

export const observedEvents: Check = {
  id: 'envelope.observed',
  chapter: 'envelope',
  title: 'the events of the hub’s own producers are valid',
  level: 'must',
  clause: { source: 'protocol: Event Types', quote: '| Type | Payload Fields | Emitted When |' },
  needs: [],
  deadlineMillis: 60_000,
  explain:
    'Only for a hub that the suite cannot make broadcast: it listens for 5 s and judges the events that other producers publish. A missing or misnamed documented field fails (execId for executionId was seen), unknown types are listed, and payload values that are not strings are a warning, because one known consumer drops such events.',
  isolation: 'shared',
  async run(lab) {
    if (lab.abilities.broadcast)
      return skip('the hub can be made to broadcast, and events of the suite are no news');
    const client = await lab.connect({ keepTexts: 'all' });
    await client.until(() => false, 'events of others', WATCH_MILLIS);
    const { texts, faults, merged } = client.record;
    if (texts.length === 0 && faults.length === 0)
      return skip(`nobody published anything within ${WATCH_MILLIS / 1_000} s`);
    const verdicts = texts.map(({ text }) => ({ text, verdict: parseEnvelope(text) }));
    const invalid = verdicts.flatMap(({ text, verdict }) =>
      verdict.ok ? [] : [`${verdict.problem}: ${text.slice(0, 120)}`],
    );
    const problems = [...invalid, ...[...merged, ...faults].map(({ problem }) => problem)];
    if (problems.length > 0) return fail({ expected: 'valid envelopes', got: listSome(problems) }, FACTS);
    const notStrings = verdicts.flatMap(({ verdict }) =>
      verdict.ok && verdict.nonStringFields.length > 0
        ? [`${verdict.envelope.type}: ${verdict.nonStringFields.join(', ')}`]
        : [],
    );
    const unknown = [
      ...new Set(
        verdicts.flatMap(({ verdict }) =>
          verdict.ok && !verdict.isDocumented ? [verdict.envelope.type] : [],
        ),
      ),
    ];
    const evidence = [
      `${texts.length} events`,
      ...(unknown.length > 0 ? [`types that are not listed: ${unknown.join(', ')}`] : []),
    ];
    if (notStrings.length === 0) return pass({ evidence });
    return warn(
      { expected: 'payload values that are strings', got: listSome([...new Set(notStrings)]) },
      { evidence, ...FACTS },
    );
  },
};
