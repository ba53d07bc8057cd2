// Injects the faults of a plan at their times. Each begins and ends with an announcement, so that every worker knows of a fault
// before its clients see what it does. Faults of one hub's process follow one another; all others may overlap.

import { hubsOfFault } from '../../../faults/find-misfit.ts';
import type { Fault, FaultKind } from '../../../faults/language/fault.ts';
import type { NetworkFault } from '../../../faults/network/conditions.ts';
import type { Target } from '../../../target/target.ts';
import type { Clock } from '../../../time/clock.ts';
import { pause } from '../../../time/deadline.ts';
import type { FaultLog, FaultWindow } from '../fault-window.ts';
import { occurrencesOf } from './occurrences.ts';

/** What a fault does to one hub; resolves when its effect is over, with why it could not be injected. */
export interface FaultActions {
  /** Ends in `lost` where the hub does not come back. */
  restart(hub: number, how: 'restart' | 'kill', signal: AbortSignal): Promise<ActionEnd>;
  /** Resolves when the hub takes connections, with where it is. */
  start(hub: number, signal: AbortSignal): Promise<ActionEnd>;
  freeze(hub: number, forMillis: number, signal: AbortSignal): Promise<ActionEnd>;
  drop(hubs: readonly number[], share: number): Promise<ActionEnd>;
  disturb(hubs: readonly number[], fault: NetworkFault, signal: AbortSignal): Promise<ActionEnd>;
  /** A command goes on after the measured time: `signal` aborts with the run. */
  exec(command: string, forMillis: number, signal: AbortSignal): Promise<ActionEnd>;
}

type ActionEnd = (Pick<FaultWindow, 'problem' | 'movedTo'> & { readonly isLost?: boolean }) | undefined;

export interface InjectedRun {
  readonly faults: readonly Fault[];
  readonly hubs: readonly Target[];
  readonly fromMicros: number;
  readonly durationMillis: number;
  readonly clock: Clock;
  readonly log: FaultLog;
  readonly actions: FaultActions;
  /** The clients of these hubs reach them at this URL from now on. */
  readonly follow: (hubs: readonly number[], url: string) => Promise<void>;
  /** Resolves when every worker has it, or no longer answers. */
  readonly announce: (window: FaultWindow) => Promise<void>;
  /** The measured time was over before the fault could begin. */
  readonly onMissed: (fault: Fault) => void;
  /** Of the run: aborts when it is stopped early. */
  readonly signal: AbortSignal;
}

export interface Injection {
  /** Nothing begins any more; what lasts for a time ends at once, and restarts and commands are waited for. */
  end(): Promise<void>;
}

export function injectFaults(run: InjectedRun): Injection {
  const { faults, hubs, fromMicros, durationMillis, clock, log, actions } = run;
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, run.signal]);
  const turns = hubs.map(() => Promise.resolve());
  /** Until they are started, their clients are at the first hub. */
  const late = new Set(
    faults.flatMap((fault) => (fault.kind === 'start' ? hubsOfFault(fault, hubs.length) : [])),
  );

  async function repeat(fault: Fault): Promise<void> {
    let lastEndMicros = Number.NEGATIVE_INFINITY;
    for (const atMillis of occurrencesOf(fault, durationMillis)) {
      const atMicros = fromMicros + atMillis * 1e3;
      // The one before took longer than `every`.
      if (atMicros < lastEndMicros) continue;
      await pause(clock, Math.max(0, (atMicros - clock.nowMicros()) / 1e3), signal);
      if (signal.aborted) return miss(fault);
      await inject(fault);
      lastEndMicros = clock.nowMicros();
    }
  }

  async function inject(fault: Fault): Promise<void> {
    const on = hubsOfFault(fault, hubs.length);
    switch (fault.kind) {
      case 'restart':
      case 'kill':
      case 'rolling-restart':
        for (const hub of on)
          await inTurn(fault, hub, () => actions.restart(hub, howOf(fault.kind), run.signal));
        return;
      case 'freeze':
        for (const hub of on) await inTurn(fault, hub, () => actions.freeze(hub, fault.forMillis, signal));
        return;
      case 'start':
        for (const hub of on) await startHub(fault, hub);
        return;
      case 'drop':
        return within(fault, on, () => actions.drop(on, fault.share));
      case 'exec':
        return within(fault, on, async () => {
          const lasts = pause(clock, fault.forMillis, signal);
          const end = await actions.exec(fault.command, fault.forMillis, run.signal);
          await lasts;
          return end;
        });
      default:
        return within(fault, on, () => actions.disturb(on, fault, signal));
    }
  }

  function miss(fault: Fault): void {
    if (!run.signal.aborted) run.onMissed(fault);
  }

  /** One at a time for the process of a hub. */
  function inTurn(fault: Fault, hub: number, act: () => Promise<ActionEnd>): Promise<void> {
    return takeTurn(fault, hub, () => within(fault, hub === 0 ? [hub, ...late] : [hub], act));
  }

  function takeTurn(fault: Fault, hub: number, work: () => Promise<void>): Promise<void> {
    const turn = (turns[hub] ?? Promise.resolve()).then(async () => {
      if (signal.aborted) miss(fault);
      else await work();
    });
    turns[hub] = turn;
    return turn;
  }

  /** Nobody notices before the hub is there; then its clients go to it. It waits for faults of the hub where they are. */
  function startHub(fault: Fault, hub: number): Promise<void> {
    const start = async () => {
      const { movedTo, ...started } = (await actions.start(hub, run.signal)) ?? {};
      if (run.signal.aborted) return;
      const at = movedTo === undefined ? {} : { movedTo };
      if (movedTo !== undefined) await run.follow([hub], movedTo);
      late.delete(hub);
      await within(
        fault,
        [hub],
        () => (started.isLost ? Promise.resolve(started) : actions.drop([hub], 1)),
        at,
      );
    };
    return takeTurn(fault, hub, () => takeTurn(fault, 0, start));
  }

  async function within(
    { kind, text }: Fault,
    on: readonly number[],
    act: () => Promise<ActionEnd>,
    more: Pick<FaultWindow, 'movedTo'> = {},
  ): Promise<void> {
    const window = log.begin({ kind, text, hubs: on, fromMicros: clock.nowMicros(), ...more });
    await run.announce(window);
    const { isLost = false, ...end } = (await act()) ?? {};
    if (end.movedTo !== undefined) await run.follow(on, end.movedTo);
    await run.announce(log.end(window.number, isLost ? undefined : clock.nowMicros(), end));
  }

  const done = Promise.all(faults.map(repeat));
  // What is thrown is thrown again where the end is awaited.
  done.catch(() => over.abort());
  return {
    async end() {
      over.abort();
      await done;
    },
  };
}

const howOf = (kind: FaultKind): 'restart' | 'kill' => (kind === 'kill' ? 'kill' : 'restart');
