// Producers are written in every language: their HTTP libraries write the same request in different ways.
import type { RequestForm } from '../../../target/http/forms/request-form.ts';
import type { BroadcastOutcome } from '../../../target/target.ts';
import type { Check } from '../../check.ts';
import { BROADCAST_CLAUSE } from '../../clauses.ts';
import { FACTS, type Finding, fail, pass, skip, warn } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';

/** A hub that does not know a form does not deliver; what it delivers comes before the fence. */
const TRIAL_MILLIS = 200;

/** A request that arrives in pieces ends its pieces inside of characters. */
const MULTI_BYTE_EVENT = {
  payload: { sagaId: 'saga-1', message: '\u20ac\u00e9\u{1f680}'.repeat(60) },
} as const;

export const producerForms: Check = {
  id: 'delivery.request-forms',
  chapter: 'delivery',
  title: 'an event is delivered once, in whatever form its request is written',
  level: 'must',
  clause: BROADCAST_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 180_000,
  explain:
    'HTTP libraries send a body in chunks, wait for 100 Continue, indent JSON over several lines, name a character set, send long cookies, or use a connection again after a refusal. Hubs that read requests by hand lose such events, publish them twice, or take the next request for a body. One event is sent in each form: what the hub accepts must reach every client exactly once, as it was published. Where a body arrives in pieces, they end inside of characters. A form that it refuses or does not answer is a warning, also where a producer in the middle of its request holds up another one, because the protocol does not define how events enter a hub; an ordinary request that is refused because the one before it on its connection was refused is a failure. NDJSON is tried where the hub counts the events of a request. Only for hubs whose events are POSTed as they are.',
  isolation: 'alone',
  blockedBy: ['delivery.every-client-once-in-order'],
  async run(lab) {
    const forms = lab.target.requestForms?.() ?? [];
    if (forms.length === 0) return skip('events do not reach this hub as plain HTTP requests');
    lab.affordable({ wanted: forms.length * 2, fewest: forms.length * 2, underWay: 1 });
    const clients = await lab.witnesses(2);
    const delivered = new Set<string>();
    let refusal: Finding | undefined;
    for (const form of forms) {
      if (form.when !== undefined && !delivered.has(form.when)) continue;
      const isOptional = form.isTrial || form.eventBytes !== undefined;
      const finding = await judgeForm(lab, form, clients);
      if (finding === undefined) delivered.add(form.name);
      else if (finding.verdict === 'fail' && !form.isTrial) return finding;
      else if (!isOptional) refusal ??= finding;
    }
    return refusal ?? pass({ evidence: [`delivered: ${[...delivered].join(', ')}`] });
  },
};

async function judgeForm(
  lab: Lab,
  form: RequestForm,
  clients: readonly LabClient[],
): Promise<Finding | undefined> {
  const shape = form.eventBytes === undefined ? MULTI_BYTE_EVENT : { textBytes: form.eventBytes };
  const events = Array.from({ length: form.events }, () => lab.series.next(shape));
  const what = `${form.events === 1 ? 'an event that is' : `${form.events} events that are`} sent ${form.name}`;
  const deadlineMillis = Math.ceil(lab.settings.waitMillis + form.events * lab.routeMillis);
  const outcome = await form.send(
    events.map(({ text }) => text),
    deadlineMillis,
  );
  if (!outcome.ok) return refusedForm(form, what, outcome);
  await lab.fence(clients);
  const expected = `${what}, and accepted, reaches every client once`;
  for (const client of clients) {
    const timesOf = (sequence: number): number =>
      client.record.sequences.filter((each) => each === sequence).length;
    const hasAll = (): boolean => events.every(({ sequence }) => timesOf(sequence) > 0);
    await client.until(hasAll, `the events sent ${form.name}`, form.isTrial ? TRIAL_MILLIS : undefined);
    const altered = client.record.deliveries.find(
      ({ sequence, isIntact }) => !isIntact && events.some((event) => event.sequence === sequence),
    );
    if (altered !== undefined) {
      const got = `client ${client.name} received event #${altered.sequence} with other content than published`;
      return fail({ expected, got }, FACTS);
    }
    const wrong = events.find(({ sequence }) => timesOf(sequence) !== 1);
    if (wrong === undefined) continue;
    const times = timesOf(wrong.sequence);
    const got = times === 0 ? 'never received it' : `received it ${times} times`;
    const breach = { expected, got: `client ${client.name} ${got} (event #${wrong.sequence})` };
    return fail(breach, times === 0 ? {} : FACTS);
  }
  return undefined;
}

function refusedForm(
  form: RequestForm,
  what: string,
  { problem, status }: Extract<BroadcastOutcome, { ok: false }>,
): Finding {
  const finding = { expected: `the hub takes ${what}`, got: problem };
  // Which requests a hub takes is its own matter, as long as the producer knows that its event was not taken.
  const isBroken = form.isUsual === true && status !== undefined && status !== 429;
  return (isBroken ? fail : warn)(finding, status === undefined ? {} : FACTS);
}
