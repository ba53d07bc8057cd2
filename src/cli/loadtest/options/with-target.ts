// Work on a hub under test: whatever happens, the hub is closed at the end.
import type { ChosenTarget } from '../../../target/choose-target.ts';
import type { Target } from '../../../target/target.ts';
import { EXIT_CODE, type ExitCode } from '../../exit-code.ts';
import { interruptOnSignal } from '../../interruption.ts';

export async function withTarget(
  program: string,
  start: ChosenTarget,
  work: (target: Target, interruption: AbortSignal) => Promise<ExitCode>,
  say = console.error as (text: string) => void,
): Promise<ExitCode> {
  if (!start.ok) {
    console.error(`${program}: ${start.problem}`);
    return EXIT_CODE.target;
  }
  if (start.notice) console.error(`${program}: note: ${start.notice}`);
  const { target } = start;
  void target.died.catch(() => {});
  const interruption = interruptOnSignal(program, say);
  try {
    const code = await work(target, interruption);
    return interruption.aborted ? EXIT_CODE.interrupted : code;
  } finally {
    await target.close();
  }
}
