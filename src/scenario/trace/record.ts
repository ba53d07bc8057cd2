// Records a live hub's stream as one client sees it. The client may read as slowly as any behavior, and so record its own
// eviction.

import { type Behaviour, renderBehaviour } from '../../client/behaviour.ts';
import { ListeningClient } from '../../client/listening-client.ts';
import type { ControlListener, Receiver } from '../../client/receiver.ts';
import { parseJson } from '../../files/json-text.ts';
import { redactValue } from '../../kit/redact-value.ts';
import { hiderOf, isOrdinaryWord, redactUserinfo } from '../../kit/secrets.ts';
import { connectAs, FIRST_CLIENT, type HubAccess } from '../../target/identity/client-identity.ts';
import type { Clock } from '../../time/clock.ts';
import { pause } from '../../time/deadline.ts';
import { OPCODE } from '../../wire/frame-header.ts';
import { decodeClosePayload } from '../../wire/frame-writer.ts';
import { createMessageReader, type WireEvent } from '../../wire/message-reader.ts';
import { type RedactPath, redact } from './redact.ts';
import { isEnvelope, TRACE_VERSION, type TraceLine } from './trace.ts';
import type { TraceWriter } from './trace-writer.ts';

export interface RecordOptions {
  readonly hub: HubAccess;
  readonly behaviour: Behaviour;
  readonly redactPaths: readonly RedactPath[];
  /** `recordTrace` writes, flushes and closes it. */
  readonly writer: TraceWriter;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Undefined: until the hub or the signal ends the recording. */
  readonly durationMillis?: number | undefined;
  readonly mostEvents?: number | undefined;
  readonly onProgress?: (events: number) => void;
}

export type Recording =
  | {
      readonly ok: true;
      readonly events: number;
      /** Messages that are not events. */
      readonly others: number;
      readonly durationMillis: number;
      /** Why it ended, in one phrase. */
      readonly why: string;
    }
  | { readonly ok: false; readonly problem: string };

const CONNECT_DEADLINE_MILLIS = 10_000;
const FLUSH_INTERVAL_MILLIS = 200;
const KEPT_TEXT_CHARS = 2_000;

export async function recordTrace(options: RecordOptions): Promise<Recording> {
  const { clock, signal, mostEvents = Number.POSITIVE_INFINITY } = options;
  const as = connectAs(options.hub, FIRST_CLIENT);
  const writer = hideSecrets(
    options.writer,
    (as.secrets ?? []).filter((one) => !isOrdinaryWord(one)),
  );
  const startMicros = clock.nowMicros();
  const millisAt = (micros: number) => Number(((micros - startMicros) / 1e3).toFixed(3));
  const nowMillis = () => millisAt(clock.nowMicros());
  const note = (what: string) => writer.write({ kind: 'note', atMillis: nowMillis(), what });
  const tally = { events: 0, others: 0 };
  const client = new ListeningClient({
    connectAs: as,
    behaviour: options.behaviour,
    clock,
    deadlineMillis: CONNECT_DEADLINE_MILLIS,
    isProber: true,
    createReceiver: (control) =>
      createRecorder(control, tally, note, (event, micros) => {
        // One read may hold more events than are still wanted.
        if (tally.events < mostEvents)
          writer.write(describeMessage(event, millisAt(micros), options.redactPaths, tally));
      }),
  });
  writer.write({
    kind: 'trace',
    version: TRACE_VERSION,
    url: redactUserinfo(options.hub.url),
    startedAt: new Date(clock.wallMillis()).toISOString(),
    reads: renderBehaviour(options.behaviour),
    redacted: options.redactPaths.map((path) => path.join('.')),
  });
  try {
    const opened = await client.open();
    if (!opened.ok) return { ok: false, problem: opened.problem };
    note('connected');
    const why = await untilOver();
    writer.write({ kind: 'end', atMillis: nowMillis(), events: tally.events, why });
    return { ok: true, ...tally, durationMillis: nowMillis(), why };
  } finally {
    client.close();
    writer.close();
  }

  async function untilOver(): Promise<string> {
    const { durationMillis = Number.POSITIVE_INFINITY } = options;
    let wasStalled = false;
    for (;;) {
      writer.flush();
      options.onProgress?.(tally.events);
      if (client.isStalled && !wasStalled) {
        wasStalled = true;
        note(`stopped reading after ${client.facts.stalledAfterMessages} messages`);
      }
      if (writer.problem !== undefined) return writer.problem;
      if (signal.aborted) return 'interrupted';
      if (!client.isOpen) return describeEnd();
      if (tally.events >= mostEvents) return `${mostEvents} events were recorded`;
      const leftMillis = durationMillis - nowMillis();
      if (leftMillis <= 0) return 'the time was over';
      await pause(clock, Math.min(FLUSH_INTERVAL_MILLIS, leftMillis), signal);
    }
  }

  function describeEnd(): string {
    const { end } = client.facts;
    if (end?.isRecordTorn) return 'the hub ended the connection inside a TLS record';
    return end?.kind === 'reset' ? 'the hub reset the connection' : 'the hub ended the connection';
  }
}

function createRecorder(
  control: ControlListener,
  tally: { events: number; others: number },
  note: (what: string) => void,
  take: (event: WireEvent & { kind: 'text' | 'binary' }, nowMicros: number) => void,
): Receiver {
  const reader = createMessageReader();
  return {
    onBytes(buffer, start, end, nowMicros) {
      for (const event of reader.read(buffer.subarray(start, end))) {
        if (event.kind === 'text' || event.kind === 'binary') take(event, nowMicros);
        else if (event.kind === 'fault') note(`illegal: ${event.problem}`);
        else {
          if (event.kind === 'ping') note('ping');
          if (event.kind === 'close') {
            const { code, reason } = decodeClosePayload(event.payload);
            note(`Close ${code}${reason === '' ? '' : ` "${reason}"`}`);
          }
          control.onControl(OPCODE[event.kind], event.payload);
        }
      }
    },
    onEnd: () => note(reader.hasPartial ? 'the connection ended inside a message' : 'the connection ended'),
    get receivedMessages() {
      return tally.events + tally.others;
    },
  };
}

/** A hub may repeat what the client proved itself with. */
function hideSecrets(writer: TraceWriter, secrets: readonly string[]): TraceWriter {
  if (secrets.length === 0) return writer;
  const hide = hiderOf(secrets);
  return {
    ...writer,
    write: (line) => writer.write(redactValue(line, hide)),
    get problem() {
      return writer.problem;
    },
    get lines() {
      return writer.lines;
    },
  };
}

/** Also counts it. The fields of an unparsed message are unknown, so with redaction its text is omitted. */
function describeMessage(
  { kind, payload }: { readonly kind: string; readonly payload: Buffer },
  atMillis: number,
  redactPaths: readonly RedactPath[],
  tally: { events: number; others: number },
): TraceLine {
  const bytes = payload.length;
  const value = kind === 'text' ? parseJson(payload.toString('utf8')) : undefined;
  if (isEnvelope(value)) {
    tally.events++;
    return { kind: 'event', atMillis, bytes, envelope: redact(value, redactPaths) };
  }
  tally.others++;
  const text =
    redactPaths.length > 0 ? `redacted ${kind} message` : payload.toString('utf8').slice(0, KEPT_TEXT_CHARS);
  return { kind: 'other', atMillis, bytes, text };
}
