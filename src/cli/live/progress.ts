// Live numbers of load tests on stderr: a view redrawn in place on a terminal, plain lines elsewhere, or nothing.
import type { ProgressView } from '../../load/coordinator/run-options.ts';
import { terminalText } from '../../report/format/terminal-text.ts';
import { liveLine } from '../../report/live/live-facts.ts';
import { createLiveRun, type LivePlan, type LiveRun } from '../../report/live/live-run.ts';
import { renderLiveTerminal } from '../../report/live/live-terminal.ts';
import { coloredText, plainText } from '../../report/live/span.ts';
import { writeTrusted } from '../output/streams.ts';
import { createScreen, type ScreenOutput } from './screen.ts';

/** No more than 10 redraws a second. */
const REDRAW_INTERVAL_MILLIS = 100;
const LINE_INTERVAL_MILLIS = 3_000;

export type ProgressMode = 'redrawn' | 'lines' | 'none';

export interface ProgressOutput extends ScreenOutput {
  rows(): number;
  /** Calls back whenever the program resumes after a stop: the shell has written to the terminal. */
  onResume(listener: () => void): void;
}

export interface Progress {
  /** Before the first view of each run. */
  begin(plan: LivePlan): void;
  show(view: ProgressView): void;
  /** Writes a line that stays, above the view. */
  say(text: string): void;
  /** After the last view of each run; leaves the terminal as it was. */
  end(): void;
}

export interface ProgressWishes {
  readonly isTerminal: boolean;
  readonly isRedrawWanted: boolean;
  /** The mode where nothing can be redrawn. */
  readonly otherwise: 'lines' | 'none';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** With `CI` or `TERM=dumb` nobody sees a redrawn view. */
export function chooseProgressMode(wishes: ProgressWishes, environment: Environment): ProgressMode {
  const isCi = !['', '0', 'false'].includes(environment.CI ?? '');
  const canRedraw = wishes.isTerminal && !isCi && environment.TERM !== 'dumb';
  return canRedraw && wishes.isRedrawWanted ? 'redrawn' : wishes.otherwise;
}

/** https://no-color.org: present and not empty turns colors off. */
export function areColoursWanted(environment: Environment): boolean {
  return (environment.NO_COLOR ?? '') === '';
}

export function createProgress(mode: ProgressMode, output: ProgressOutput, hasColours: boolean): Progress {
  const screen = createScreen(output);
  let run: LiveRun | undefined;
  let nextMillis = 0;
  let lastPhase = '';
  if (mode === 'redrawn') output.onResume(() => screen.leave());

  function redraw(): void {
    if (!run) return;
    // The cursor rests on the line below the view.
    const size = { columns: output.columns(), rows: Math.max(1, output.rows() - 1) };
    screen.draw(renderLiveTerminal(run.state(), size, hasColours ? coloredText : plainText));
  }

  return {
    begin(plan) {
      run = createLiveRun(plan);
      nextMillis = 0;
      lastPhase = '';
    },
    show(view) {
      if (!run || mode === 'none') return;
      run.add(view);
      const isDue = view.elapsedMillis >= nextMillis;
      if (mode === 'redrawn') {
        if (!isDue) return;
        redraw();
        nextMillis = view.elapsedMillis + REDRAW_INTERVAL_MILLIS;
      } else if (isDue || view.phase !== lastPhase) {
        output.write(`${terminalText(liveLine(run.state()))}\n`);
        nextMillis = view.elapsedMillis + LINE_INTERVAL_MILLIS;
        lastPhase = view.phase;
      }
    },
    say(text) {
      screen.clear();
      output.write(`${terminalText(text)}\n`);
    },
    end() {
      screen.clear();
      run = undefined;
    },
  };
}

/** Progress on this process's stderr. */
export function createStderrProgress(wishes: Omit<ProgressWishes, 'isTerminal'>): Progress {
  const { stderr, env } = process;
  const mode = chooseProgressMode({ ...wishes, isTerminal: stderr.isTTY === true }, env);
  const output = {
    write: (text: string) => writeTrusted(stderr, text),
    columns: () => stderr.columns || 80,
    rows: () => stderr.rows || 24,
    onResume: (listener: () => void) => void process.on('SIGCONT', listener),
  };
  return createProgress(mode, output, areColoursWanted(env));
}
