// norn-loadtest record as a function.
import { rmSync } from 'node:fs';
import { parseBehaviour } from '../client/behaviour-language.ts';
import { KitError } from '../kit/kit-error.ts';
import {
  ABORT_SIGNAL,
  NON_EMPTY_TEXT,
  numberAboveZero,
  type OptionRules,
  requireOptions,
  TEXTS,
  TRUE_OR_FALSE,
  wholeNumber,
} from '../kit/option-rules.ts';
import { recordTrace as recordStream } from '../scenario/trace/record.ts';
import { parseRedactPath } from '../scenario/trace/redact.ts';
import { openTraceWriter, type TraceWriter } from '../scenario/trace/trace-writer.ts';
import { COHORT_RULES, type CohortIdentityFlags } from '../target/identity/identity-flags.ts';
import { LIBRARY_NAMES } from '../target/option-names.ts';
import { parseTargetFlags, type TargetFlags } from '../target/target-flags.ts';
import { TLS_RULES, type TlsFlags } from '../target/tls/tls-flags.ts';
import { systemClock } from '../time/clock.ts';
import type { Parsed } from '../units/parsed.ts';
import { requireLoopback } from './hub-under-test.ts';

export interface RecordTraceOptions extends TlsFlags, CohortIdentityFlags {
  /** The trace file (NDJSON); must not exist. */
  readonly output: string;
  /** How the client reads, as in a cohort; a slow one records its own eviction. Default `fast`. */
  readonly reads?: string | undefined;
  /** What to blank out, such as `payload.message`. */
  readonly redact?: readonly string[] | undefined;
  /** Recorded time in milliseconds; without it until the hub ends the connection or the signal is aborted. */
  readonly durationMillis?: number | undefined;
  /** Events to record at most. */
  readonly mostEvents?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The hub is on another machine, and that is the caller's to connect to. */
  readonly allowRemoteTarget?: boolean | undefined;
}

const RECORD_RULES: OptionRules<RecordTraceOptions> = {
  ...TLS_RULES,
  ...COHORT_RULES,
  output: NON_EMPTY_TEXT,
  reads: NON_EMPTY_TEXT,
  redact: TEXTS,
  durationMillis: numberAboveZero(24 * 3_600_000),
  mostEvents: wholeNumber(1, 1_000_000_000),
  signal: ABORT_SIGNAL,
  allowRemoteTarget: TRUE_OR_FALSE,
};

export interface TraceRecording {
  readonly events: number;
  /** Messages that are not events. */
  readonly others: number;
  readonly durationMillis: number;
  /** What ended it, one phrase. */
  readonly why: string;
}

/**
 * Connects to a hub as one client and writes every event with its time to a trace, which a fixture can play again.
 *
 * @param url Where clients connect, such as `ws://127.0.0.1:8800/ws`.
 * @throws {KitError} `BAD_OPTION`, also when the file exists; `TARGET_FAILED` when the hub cannot be reached or the
 * trace cannot be written to its end.
 * @example
 * const { events } = await recordTrace(url, { output: 'trace.ndjson', durationMillis: 60_000 });
 */
export async function recordTrace(url: string, options: RecordTraceOptions): Promise<TraceRecording> {
  requireOptions(options, RECORD_RULES);
  if (options.output === undefined)
    throw new KitError('BAD_OPTION', 'output: expected a file name, got undefined');
  const choice = parseTargetFlags(
    { url, ...pick(options, Object.keys({ ...TLS_RULES, ...COHORT_RULES })) },
    LIBRARY_NAMES,
  );
  if (!choice.ok) throw new KitError('BAD_OPTION', choice.problem);
  requireLoopback(url, options.allowRemoteTarget);
  const behaviour = must('reads', parseBehaviour(options.reads ?? 'fast'));
  const redactPaths = (options.redact ?? []).map((path) => must('redact', parseRedactPath(path)));
  const writer = openOutput(options.output);
  const recording = await recordStream({
    hub: { ...choice.value, url: choice.value.kind === 'running' ? choice.value.url : url },
    behaviour,
    redactPaths,
    writer,
    clock: systemClock,
    signal: options.signal ?? new AbortController().signal,
    durationMillis: options.durationMillis,
    mostEvents: options.mostEvents,
  });
  if (!recording.ok) {
    rmSync(options.output, { force: true }); // there is nothing in it
    throw new KitError('TARGET_FAILED', recording.problem);
  }
  if (writer.problem !== undefined) throw new KitError('TARGET_FAILED', writer.problem);
  const { events, others, durationMillis, why } = recording;
  return { events, others, durationMillis, why };
}

/** The options of these names that were given. */
function pick(options: object, names: readonly string[]): TargetFlags {
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));
}

function must<T>(option: string, value: Parsed<T>): T {
  if (!value.ok) throw new KitError('BAD_OPTION', `${option}: ${value.problem}`);
  return value.value;
}

function openOutput(path: string): TraceWriter {
  try {
    return openTraceWriter(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const rule = code === 'EEXIST' ? `${path} exists; name another file` : message;
    throw new KitError('BAD_OPTION', `output: ${rule}`);
  }
}
