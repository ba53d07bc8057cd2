// Compression is the one extension that every browser offers: a hub that agrees to it must keep to it (RFC 7692), for
// texts that shrink and for texts that do not, small and large ones in one order.
import type { EventShape } from '../../../session/series.ts';
import type { Check } from '../../check.ts';
import { CheckEnded, FACTS, type Finding, fail, pass, warn } from '../../finding.ts';
import { randomText } from '../../inputs/content.ts';
import { findEventBytes } from '../../lab/backlog.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';

const SIZES_BYTES = [0, 0, 200, 2_000, 20_000, 70_000, 0];
/** Random text that hardly shrinks; what follows it shows whether both sides count it in the window of the compressor. */
const RANDOM_CHARS = [40, 0, 3_000, 0, 300, 0, 12_000, 0];

/** A client that offers compression, and what the hub made of it. */
async function connectOffering(lab: Lab): Promise<{ client: LabClient; agreed: string | undefined }> {
  const outcome = await lab.tryConnect({ offersDeflate: true });
  if (outcome.ok)
    return { client: outcome.client, agreed: outcome.opened.response.headers['sec-websocket-extensions'] };
  const breach = { expected: 'HTTP 101 for a client that offers compression', got: outcome.problem };
  throw new CheckEnded(fail(breach, outcome.kind === 'timeout' ? {} : FACTS));
}

/** The stream of a client that cannot read on, or reads something else, if there is one; the first offers no compression. */
function blame(clients: readonly LabClient[]): Finding | undefined {
  for (const client of clients) {
    const problem = findProblem(client);
    if (problem === undefined) continue;
    const about = client === clients[0] ? ', which offered no compression' : '';
    return fail(
      {
        expected: 'events that each client can read, in order, compressed only for those that agreed',
        got: `${problem} (client ${client.name}${about})`,
      },
      FACTS,
    );
  }
  return undefined;
}

/** Where each message has its own context, it can be read all the same. */
function findKeptTails(clients: readonly LabClient[]): Finding | undefined {
  const kept = clients.reduce((sum, { inflater }) => sum + (inflater()?.keptTails ?? 0), 0);
  if (kept === 0) return undefined;
  return warn(
    {
      expected: 'compressed messages without the 00 00 ff ff at their end (RFC 7692 7.2.1)',
      got: `${kept} messages had it; only clients that use a new context for each message can read on`,
    },
    FACTS,
  );
}

function findProblem({ record }: LabClient): string | undefined {
  const changed = record.deliveries.find(({ isIntact }) => !isIntact);
  const swapped = record.sequences.findIndex((sequence, at) => sequence < (record.sequences[at - 1] ?? 0));
  if (record.faults[0] !== undefined) return record.faults[0].problem;
  if (changed !== undefined)
    return `event #${changed.sequence} arrived with different content than published`;
  return swapped === -1
    ? undefined
    : `event #${record.sequences[swapped]} arrived after #${record.sequences[swapped - 1]}`;
}

async function run(lab: Lab): Promise<Finding> {
  const clients = [await lab.connect()];
  try {
    const first = await connectOffering(lab);
    clients.push(first.client);
    await lab.join(clients);
    const largestBytes = await findEventBytes(lab, 70_000, clients);
    const shapes = [
      ...SIZES_BYTES.filter((bytes) => bytes <= largestBytes).map((paddingBytes) => ({ paddingBytes })),
      ...RANDOM_CHARS.filter((chars) => chars * 2 <= largestBytes).map((chars) => randomShape(lab, chars)),
    ];
    await lab.publish(shapes, clients);
    // Whoever comes later has not seen what was compressed before.
    const later = await connectOffering(lab);
    clients.push(later.client);
    await lab.join(clients);
    await lab.publish(shapes, clients);
    // Control frames are never compressed: the reader blames one that is.
    if (first.agreed !== undefined) await first.client.ping();
    const evidence = [
      `the hub answers an offer of permessage-deflate with ${first.agreed ?? 'no extension'}`,
      `${2 * shapes.length} events to a client that offers it, and one that does not`,
    ];
    return blame(clients) ?? findKeptTails(clients) ?? pass({ evidence });
  } catch (ended) {
    if (!(ended instanceof CheckEnded)) throw ended;
    return blame(clients) ?? ended.finding;
  }
}

/** Short of anything that repeats, so that a first message hardly shrinks either. */
function randomShape(lab: Lab, chars: number): EventShape {
  return { appId: '', payload: { sagaId: '', message: randomText(lab.random, chars) } };
}

export const compressedReadable: Check = {
  id: 'envelope.compressed-readable',
  chapter: 'envelope',
  title: 'a client that offers compression, as browsers do, can read every event',
  level: 'must',
  clause: {
    source: 'RFC 7692 7.2.1',
    quote: 'Compress all the octets of the payload of the message using DEFLATE.',
  },
  needs: ['broadcast'],
  deadlineMillis: 120_000,
  explain:
    'Every browser offers permessage-deflate; most command-line clients do not. A hub need not agree. One that does must compress for exactly those clients that it agreed with, each with its own context, or dashboards fail at the first event while every other check passes. A client that offers nothing, one that offers compression, and one that does so later receive events of up to 70 KB; each must be able to read all of them. A compressed message that still ends with 00 00 ff ff fails where contexts go on, as no client could read the next one, and is a warning where each message has its own context.',
  isolation: 'alone',
  run,
};
