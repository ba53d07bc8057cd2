// Two ways to overflow that a hub may treat otherwise than events that come one by one to a silent client: the client
// goes on sending, or the events that are too many come in one request.
import type { Finding } from '../../finding.ts';
import { fail } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { beyond, type Overflow, overflow } from './overflow.ts';
import {
  HUGE_EVENT_BYTES,
  LARGE_EVENT_BYTES,
  overflowsInTime,
  type StalledScene,
  stallClients,
} from './stalled.ts';

/** Fewer than what libraries hold of messages that nobody takes from them. */
const [SENT_MESSAGES, SEND_EVERY_MILLIS] = [12, 20];

/** As far as there is time for it, after a client has overflowed in the ordinary way. */
export async function findKeptOtherwise(lab: Lab): Promise<Finding | undefined> {
  const ways = [findKeptSender, findKeptByRequest];
  for (const findKeptWay of ways.slice(0, overflowsInTime(lab, 1 + ways.length) - 1)) {
    const found = await findKeptWay(lab);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A hub may refuse what clients send, and disconnect it for that. */
async function findKeptSender(lab: Lab): Promise<Finding | undefined> {
  const scene = await stallClients(lab, 1, HUGE_EVENT_BYTES);
  const [sender] = scene.stalled as readonly [LabClient];
  let isOver = false;
  const sending = (async () => {
    for (let sent = 0; sent < SENT_MESSAGES && !isOver && sender.isOpen; sent++) {
      if (sent % 2 === 0) sender.send(1, `message ${sent}`);
      else sender.send(9, `ping ${sent}`);
      await lab.pause(SEND_EVERY_MILLIS);
    }
  })();
  try {
    return findKept(lab, await overflow(lab, scene, beyond(lab, scene)), 'which goes on sending');
  } finally {
    isOver = true;
    await sending;
  }
}

/** Events of one request, within the window; with fewer the last of them would not be too many. */
const [AT_ONCE, FEWEST_AT_ONCE] = [24, 12];

/** Judged where the hub takes several events in one request, and evicts a client when as many come one by one. */
async function findKeptByRequest(lab: Lab): Promise<Finding | undefined> {
  const atOnce = Math.min(AT_ONCE, Math.floor(lab.settings.clientBufferMessages / 2));
  if (!lab.abilities.batch || atOnce < FEWEST_AT_ONCE) return undefined;
  const scene = await stallClients(lab, 1, LARGE_EVENT_BYTES);
  const batch = inOneRequest(lab, scene, atOnce);
  const outcome = await overflow(lab, batch.scene, beyond(lab, scene));
  if (!batch.isTaken()) return undefined;
  const breach = findKept(lab, outcome, `although the last ${atOnce} events came in one request`);
  if (breach === undefined) return undefined;
  const again = await stallClients(lab, 1, LARGE_EVENT_BYTES);
  const oneByOne = await overflow(lab, again, beyond(lab, again));
  return findKept(lab, oneByOne, '') === undefined ? breach : undefined;
}

/** The same scene, whose backlog ends with so many events in one request, if the hub takes that. */
function inOneRequest(lab: Lab, scene: StalledScene, atOnce: number) {
  let isTaken = false;
  const fill: StalledScene['fill'] = async (outstanding, whenUnseen) => {
    const backlog = await scene.fill(outstanding - atOnce, whenUnseen);
    const events = Array.from({ length: atOnce }, () => lab.series.next({ paddingBytes: scene.eventBytes }));
    isTaken = (await lab.tryPublish(events, scene.witnesses)).ok;
    const sequences = events.map(({ sequence }) => sequence);
    return { ...backlog, sequences: [...backlog.sequences, ...(isTaken ? sequences : [])] };
  };
  return { scene: { ...scene, fill }, isTaken: () => isTaken };
}

function findKept(
  lab: Lab,
  { isKept, drained, published, state }: Overflow,
  how: string,
): Finding | undefined {
  if (!isKept && drained.end !== undefined) return undefined;
  const gap = drained.firstGap === undefined ? '' : `, and events were dropped: ${drained.firstGap}`;
  return fail({
    expected: `a client with more than ${lab.settings.clientBufferMessages} messages waiting is disconnected, ${how}`,
    got: isKept ? `it was kept, and received all ${published} events` : `it was kept${gap}: ${state}`,
  });
}
