// Publishes blocks of a run from this machine, by its own clock: each event when this clock says that it is due. It runs in the agent's
// own process, which receives nothing, and sends nothing that the coordinator may have given up.

import { settle } from '../../load/coordinator/publishing/request-account.ts';
import type {
  FromProducer,
  OfferedBlock,
  ToProducer,
} from '../../load/coordinator/rota/producer-messages.ts';
import type { ClockOffset } from '../../load/worker/agent/clock-offset.ts';
import { ownBlock } from '../../load/worker/agent/own-block.ts';
import type { Producer, ProducerOptions, ProducerStart } from '../../target/producer/http-producer.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';

/**
 * So long after the coordinator has heard this agent nothing is sent any more: less than the time after which an agent that is silent
 * counts as lost (LOST_AFTER_MILLIS, less one look).
 */
const LEASE_MICROS = 4_000_000;

export interface ProducerParts {
  readonly clock: Clock;
  /** What is known of the coordinator's clock; undefined before anything is. */
  readonly clockOffset: () => ClockOffset | undefined;
  readonly start: (options: ProducerOptions) => Promise<ProducerStart>;
  readonly send: (message: FromProducer) => void;
}

export interface AgentProducer {
  take(message: ToProducer): void;
  /** The coordinator heard this agent then, by its own clock. */
  heard(atMicros: number): void;
  close(): void;
}

interface AcceptedBlock extends OfferedBlock {
  /** To be added to this machine's clock. */
  readonly offsetMicros: number;
  readonly ending: AbortController;
}

export function createAgentProducer({ clock, clockOffset, start, send }: ProducerParts): AgentProducer {
  const blocks = new Map<number, AcceptedBlock>();
  /** Those that were not accepted yet. */
  const ended = new Set<number>();
  let started: Promise<ProducerStart> | undefined;
  let heardAtMicros = Number.NEGATIVE_INFINITY;
  let isClosed = false;

  async function accept(offer: OfferedBlock): Promise<void> {
    const { block } = offer;
    const opened = await started;
    if (isClosed || ended.delete(block)) return;
    const offset = clockOffset();
    if (opened?.ok !== true || offset === undefined) {
      const problem = opened?.ok === false ? opened.problem : 'the clock of the coordinator is not known';
      send({ kind: 'declined', block, problem });
      return;
    }
    void opened.producer.warmUp();
    const { offsetMicros, errorMicros } = ownBlock(offer, offset);
    blocks.set(block, { ...offer, offsetMicros, ending: new AbortController() });
    send({ kind: 'accepted', block, offsetMicros, errorMicros });
  }

  function isHeard(atMicros: number): boolean {
    return atMicros < heardAtMicros + LEASE_MICROS;
  }

  async function publish(
    block: AcceptedBlock,
    { broadcast }: Producer,
    requestEvents: number,
  ): Promise<void> {
    const { texts, dues, offsetMicros, ending } = block;
    let first = 0;
    while (first < texts.length && !isClosed && !ending.signal.aborted) {
      const sentMicros = clock.nowMicros() + offsetMicros;
      const waitMicros = (dues[first] ?? 0) - sentMicros;
      if (waitMicros > 0) {
        // Looks again: timers are up to a millisecond early.
        await pause(clock, Math.ceil(waitMicros / 1e3), ending.signal);
        continue;
      }
      if (!isHeard(sentMicros)) break;
      let end = first + 1;
      while (end < texts.length && end - first < requestEvents && (dues[end] ?? 0) <= sentMicros) end++;
      const outcome = await broadcast(texts.slice(first, end));
      if (isClosed) return;
      const times = { sentMicros, answeredMicros: clock.nowMicros() + offsetMicros };
      send({ kind: 'sent', block: block.block, first, events: end - first, ...times, outcome });
      first += settle(outcome, end - first).settled;
      if (!outcome.ok && outcome.kind !== 'refused') break;
    }
    blocks.delete(block.block);
    send({ kind: 'done', block: block.block, unsent: texts.length - first });
  }

  async function go(number: number, requestEvents: number): Promise<void> {
    const block = blocks.get(number);
    const opened = await started;
    if (block !== undefined && opened?.ok) await publish(block, opened.producer, requestEvents);
  }

  function end(number: number): void {
    const block = blocks.get(number);
    if (block === undefined) ended.add(number);
    block?.ending.abort();
    blocks.delete(number);
  }

  return {
    take(message) {
      switch (message.kind) {
        case 'open':
          started ??= start(message.options).catch(({ message: problem }: Error) => ({ ok: false, problem }));
          break;
        case 'offer':
          void accept(message);
          break;
        case 'go':
          void go(message.block, message.requestEvents);
          break;
        case 'end':
          end(message.block);
          break;
      }
    },
    heard(atMicros) {
      heardAtMicros = Math.max(heardAtMicros, atMicros);
    },
    close() {
      isClosed = true;
      for (const { ending } of blocks.values()) ending.abort();
      void started?.then((opened) => (opened.ok ? opened.producer.close() : undefined));
    },
  };
}
