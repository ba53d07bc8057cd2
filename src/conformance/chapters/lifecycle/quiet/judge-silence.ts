// What the clients of a hub show on which nothing has happened: who was disconnected, what they were sent meanwhile, and
// whether each receives the next event.
import { parseEnvelope } from '../../../../protocol/envelope-validation.ts';
import { type Finding, fail, listSome, pass, skip } from '../../../finding.ts';
import { describeState } from '../../../lab/client/client-state.ts';
import type { Lab } from '../../../lab/lab.ts';
import type { LabClient } from '../../../lab/lab-client.ts';
import { SAME_AGE } from '../../../result.ts';
import { waitedInVain } from '../../../timed-work.ts';
import { describeSeconds, explainEnds, isCrash } from './explain-ends.ts';
import type { QuietClient } from './habits.ts';
import type { Death, Silence } from './silence.ts';

/** What keeps a second hub from running beside the first, such as another port that both want, shows sooner. */
const ALIVE_MILLIS = 10_000;
/** Hubs wait for a Pong about so long: a runner that lacked CPU time then may have answered too late. */
const PONG_MILLIS = 5_000;

/** Events that the suite has not sent to this hub: both have one source, or the hub has events of its own. */
export function findOtherEvents(lab: Lab, { clients, startMicros }: Silence): string | undefined {
  for (const { client } of clients) {
    const other = client.record.texts.find(
      ({ text, atMicros }) =>
        atMicros > startMicros && !text.includes(lab.series.name) && parseEnvelope(text).ok,
    );
    if (other !== undefined) return `${other.text.slice(0, 200)} (client ${client.name})`;
  }
  return undefined;
}

/** Somebody was disconnected. */
export function judgeEnds(lab: Lab, { clients, death }: Silence): Finding {
  const firstMillis = Math.min(...clients.flatMap(({ client }) => client.end?.atMillis ?? []));
  if (death !== undefined) return judgeDeath(death);
  const { got, isSameAge, isUnprovoked } = explainEnds(
    clients.map(({ client, habit, hasHeard, fromMillis }) => ({
      name: client.name,
      does: habit.does,
      fromMillis,
      hasHeard,
      pings: client.record.pings,
      end: client.end && { atMillis: client.end.atMillis, how: describeEnd(client) },
    })),
  );
  lab.note('times of silence count from the last event, or from the connection where none has come since');
  return fail(
    { expected: 'clients of a hub on which nothing happens stay connected', got },
    {
      evidence: isSameAge ? [SAME_AGE] : [],
      ...(!isSameAge &&
        !isUnprovoked && {
          late: waitedInVain({ fromMillis: Math.max(0, firstMillis - PONG_MILLIS), tookMillis: PONG_MILLIS }),
        }),
    },
  );
}

function judgeDeath({ how, silentMillis }: Death): Finding {
  const got = `after ${describeSeconds(silentMillis)} in which nothing happened, ${how}`;
  if (isCrash(how) && silentMillis >= ALIVE_MILLIS)
    return fail({ expected: 'a hub on which nothing happens stays alive', got });
  return skip(`the second hub ended: ${got}`);
}

/** Nobody was. */
export async function judgeSilence(lab: Lab, silence: Silence): Promise<Finding> {
  const { clients, early } = silence;
  const lasted = describeSeconds(silence.lastsMillis());
  const messagesOf = (each: QuietClient): number => each.client.record.messages - (early.get(each) ?? 0);
  const state = ({ client }: QuietClient): string => describeState(client);

  const disturbed = clients.filter((each) => messagesOf(each) > 0);
  if (disturbed.length > 0)
    return blame(`no message in ${lasted} in which nothing was broadcast`, disturbed, lastMessageOf);

  const event = lab.series.next();
  const outcome = await lab.tryBroadcast([event.text]);
  if (!outcome.ok)
    return lab.refusal(outcome, { expected: `the hub takes an event after ${lasted} without one` });
  const has = ({ client }: QuietClient): boolean => client.record.sequences.includes(event.sequence);
  const isDone = (each: QuietClient): boolean => has(each) || !each.client.isOpen;
  await lab.until(() => clients.every(isDone), 'the event at every client');
  const without = clients.filter((each) => !has(each));
  if (without.length > 0)
    return blame(`each client receives the next event after ${lasted} without one`, without, state);

  const answers = await Promise.all(clients.map(({ client }) => client.ping('after the silence')));
  const mute = clients.filter((_, at) => answers[at] === false);
  if (mute.length > 0) return blame(`a Pong after ${lasted} in which nothing was broadcast`, mute, state);

  const often = clients.filter((each) => messagesOf(each) > 1);
  if (often.length > 0)
    return blame(
      `one message after ${lasted} without one, the event`,
      often,
      (each) => `${messagesOf(each)}`,
    );

  const pings = clients.reduce((sum, { client }) => sum + client.record.pings, 0);
  return pass({
    evidence: [`${clients.length} clients were kept for ${lasted}; the hub sent them ${pings} Pings`],
  });
}

function blame(
  expected: string,
  clients: readonly QuietClient[],
  describe: (each: QuietClient) => string,
): Finding {
  const got = clients.map(
    (each) => `client ${each.client.name}, which ${each.habit.does}: ${describe(each)}`,
  );
  return fail({ expected, got: listSome(got) });
}

const lastMessageOf = ({ client: { record } }: QuietClient): string =>
  record.texts.at(-1)?.text.slice(0, 200) ?? 'a binary message';

function describeEnd({ record, end }: LabClient): string {
  const close = record.closes[0];
  return `${close === undefined ? 'no Close frame' : `Close ${close.code}`}, ${end?.code ?? end?.kind}`;
}
