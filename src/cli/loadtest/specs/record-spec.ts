// What norn-loadtest record takes on its command line.
import { parseBehaviour } from '../../../client/behaviour-language.ts';
import { parseRedactPath } from '../../../scenario/trace/redact.ts';
import { duration, integer, repeatable, single, text } from '../../options/option.ts';
import { IDENTITY_OPTIONS, REMOTE_OPTION, TLS_OPTIONS } from '../../options/target-options.ts';

export const RECORD_SPEC = {
  program: 'norn-loadtest record',
  usage: 'URL [options]',
  describe:
    'Connects as one client and writes every event with its time to a trace (NDJSON), until the hub ends the connection, --duration is over, or Ctrl-C. A fixture replays it ("events: [{ trace: FILE }]").',
  maxPositionals: 1,
  options: {
    output: text('Trace file; must not exist [trace.ndjson]', 'FILE'),
    reads: single(
      'How it reads, as in --cohort; a slow client records its own eviction [fast]',
      'BEHAVIOR',
      parseBehaviour,
    ),
    redact: repeatable('Field to blank out, such as payload.message; repeatable', 'PATH', parseRedactPath),
    duration: duration('Recorded time [until the end]', 1),
    events: integer('Largest number of events to record', 'N', 1, 1_000_000_000),
    ...REMOTE_OPTION,
    ...TLS_OPTIONS,
    ...IDENTITY_OPTIONS,
  },
  examples: [
    [
      'norn-loadtest record ws://127.0.0.1:8800/ws --duration 5m',
      'five minutes of what a dashboard receives',
    ],
    ["norn-loadtest record ws://127.0.0.1:8800/ws --reads 'stall(after=100)'", 'an eviction on record'],
  ],
  exitCodes: [
    [0, 'recorded to the end'],
    [2, 'bad usage, or the trace file cannot be created'],
    [3, 'the hub could not be reached, or the disk is full; what was recorded is kept'],
    [130, 'interrupted; what was recorded is kept'],
  ],
} as const;
