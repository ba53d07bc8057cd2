// The hub that a command of norn-conformance works on: started or found, named when it cannot be reached, and closed
// whatever happens. Judging and exploring differ only in what they do with it.
import { createSettings, type Settings } from '../../conformance/run/settings.ts';
import type { Verdict } from '../../files/verdict.ts';
import { startChosenTarget } from '../../target/choose-target.ts';
import { whyNobodyEnters } from '../../target/proxy/first-answer.ts';
import type { Target } from '../../target/target.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { interruptOnSignal } from '../interruption.ts';
import { mustBeLoopback, readTargetChoice } from '../options/target-choice.ts';
import { mustBeWritable } from '../output/report-files.ts';
import { writeTrusted } from '../output/streams.ts';
import type { Values } from './spec.ts';

/** The flags that name and describe the hub, of every command that has them. */
type HubValues = Omit<
  Values,
  | 'only'
  | 'skip'
  | 'level'
  | 'strict'
  | 'known-failing'
  | 'list'
  | 'explain'
  | 'reporter'
  | 'time'
  | 'explore-time'
>;

export interface RunningTarget {
  readonly target: Target;
  /** Aborted by Ctrl-C and its like. */
  readonly signal: AbortSignal;
}

export interface HubCommand {
  /** Begins what is printed. */
  readonly program: string;
  readonly url: string | undefined;
  readonly values: HubValues;
}

/** Settings of the kit for the hub that the flags describe, but for what replays a finding. */
export function readHubSettings(values: HubValues, timeLimitMillis?: number): Settings {
  return createSettings({
    clientBufferMessages: values['client-buffer'],
    kickDeadlineMillis: values['kick-deadline'],
    allowedOrigins: values['allowed-origin'],
    pingIntervalMillis: values['ping-interval'],
    timeLimitMillis,
    seed: values.seed,
  });
}

/** Does the work on the hub; the exit code follows from the verdict. */
export async function onHub(
  { program, url, values }: HubCommand,
  work: (hub: RunningTarget) => Promise<Verdict>,
): Promise<ExitCode> {
  const choice = mustBeLoopback(readTargetChoice(url, values), values['allow-remote-target']);
  if (values.output !== undefined) mustBeWritable(values.output);
  const start = await startChosenTarget(choice, {
    clientBufferMessages: values['client-buffer'],
    allowedOrigins: values['allowed-origin'],
    pingIntervalMillis: values['ping-interval'],
  });
  if (!start.ok) {
    console.error(`${program}: ${start.problem}`);
    return EXIT_CODE.target;
  }
  if (start.notice) console.error(`${program}: note: ${start.notice}`);
  const { target } = start;
  const signal = interruptOnSignal(program);
  try {
    const shut = await whyNobodyEnters(target);
    if (shut !== undefined) {
      console.error(`${program}: ${shut}`);
      return EXIT_CODE.target;
    }
    const verdict = await work({ target, signal });
    return signal.aborted ? EXIT_CODE.interrupted : EXIT_CODE[verdict];
  } finally {
    await target.close();
  }
}

/** One line on a terminal that is written over; nothing elsewhere. */
export function createLiveLine() {
  const isShown = process.stderr.isTTY === true && !process.env.CI;
  const write = (text: string): void => {
    if (isShown) writeTrusted(process.stderr, `\r\u001b[2K${text}`);
  };
  return { show: write, end: (): void => write('') };
}
