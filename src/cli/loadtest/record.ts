// norn-loadtest record: a live hub's stream as a trace file, to be played again.
import { rmSync } from 'node:fs';
import { parseBehaviour } from '../../client/behaviour-language.ts';
import { recordTrace } from '../../scenario/trace/record.ts';
import { parseRedactPath } from '../../scenario/trace/redact.ts';
import { openTraceWriter, type TraceWriter } from '../../scenario/trace/trace-writer.ts';
import { parseTargetFlags } from '../../target/target-flags.ts';
import { systemClock } from '../../time/clock.ts';
import { renderDurationMillis } from '../../units/duration.ts';
import { renderCount } from '../../units/rate.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { interruptOnSignal } from '../interruption.ts';
import { parseCommandLine, UsageError } from '../options/command-line.ts';
import { duration, integer, repeatable, single, text } from '../options/option.ts';
import type { Command } from './options/command.ts';
import { mustBeLoopback, REMOTE_OPTION } from './options/with-target.ts';

const SUMMARY = "a live hub's stream as a trace file, to be played again";

const SPEC = {
  program: 'norn-loadtest record',
  usage: 'URL [options]',
  describe:
    'Connects as one client and writes every event with its time to a trace (NDJSON), until the hub ends the connection, the time is over, or Ctrl-C. A fixture plays it again ("events: [{ trace: FILE }]").',
  maxPositionals: 1,
  options: {
    output: text('The trace file; must not exist [trace.ndjson]', 'FILE'),
    reads: single(
      'How it reads, as in --cohort: a slow one records its own eviction [fast]',
      'BEHAVIOUR',
      parseBehaviour,
    ),
    redact: repeatable('What to blank out, such as payload.message; repeatable', 'PATH', parseRedactPath),
    duration: duration('Recorded time [until the end]', 1),
    events: integer('Events to record at most', 'N', 1, 1_000_000_000),
    ...REMOTE_OPTION,
  },
  examples: [
    ['norn-loadtest record ws://127.0.0.1:8800/ws --duration 5m', 'five minutes of what dashboards see'],
    ["norn-loadtest record ws://127.0.0.1:8800/ws --reads 'stall(after=100)'", 'an eviction on record'],
  ],
  exitCodes: [
    [0, 'recorded to the end'],
    [2, 'bad usage, or the trace file cannot be made'],
    [3, 'the hub could not be reached, or the disk is full; what was recorded is kept'],
    [130, 'interrupted; what was recorded is kept'],
  ],
} as const;

export const recordCommand: Command = { name: 'record', summary: SUMMARY, run: record };

async function record(argv: readonly string[]): Promise<ExitCode> {
  const line = await parseCommandLine(SPEC, argv, process.env);
  if (line.kind === 'print') {
    console.log(line.text);
    return EXIT_CODE.passed;
  }
  const { values } = line;
  const [url] = line.positionals;
  if (url === undefined) throw new UsageError(`no hub is named (usage: ${SPEC.program} ${SPEC.usage})`);
  const choice = parseTargetFlags({ url });
  if (!choice.ok) throw new UsageError(choice.problem);
  mustBeLoopback(choice.value, values['allow-remote-target'] ?? false);
  const path = values.output ?? 'trace.ndjson';
  const writer = mustOpen(path);
  const interruption = interruptOnSignal(SPEC.program);
  const recording = await recordTrace({
    url,
    behaviour: values.reads ?? { kind: 'fast' },
    redactPaths: values.redact ?? [],
    writer,
    clock: systemClock,
    signal: interruption,
    durationMillis: values.duration,
    mostEvents: values.events,
  });
  if (!recording.ok) {
    rmSync(path, { force: true }); // there is nothing in it
    console.error(`${SPEC.program}: ${recording.problem}`);
    return EXIT_CODE.target;
  }
  const { events, others, durationMillis, why } = recording;
  const strange = others === 0 ? '' : ` and ${renderCount(others)} messages that are no events`;
  console.log(
    `${path}: ${renderCount(events)} events${strange} in ${renderDurationMillis(durationMillis)}; ${why}`,
  );
  if (writer.problem !== undefined) return EXIT_CODE.target;
  return interruption.aborted ? EXIT_CODE.interrupted : EXIT_CODE.passed;
}

function mustOpen(path: string): TraceWriter {
  try {
    return openTraceWriter(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const rule = code === 'EEXIST' ? `${path} exists already; name another file` : message;
    throw new UsageError(`--output: ${rule}`);
  }
}
