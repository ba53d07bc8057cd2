// What a long past may come down to: so many events, or so many clients, whatever else was in it. Tried before programs are
// left out one by one, which takes long and never finds a number. Pure.
import { CLIENTS_FACTOR } from '../factors/clients.ts';
import { EVENTS_FACTOR } from '../factors/events.ts';
import type { Factor } from '../factors/factor.ts';
import { type Bounds, isPossible } from '../program/plan.ts';
import { factorValue, type Program, withValue } from '../program/program.ts';

/** Shorter ones are soon reduced. */
const LONG_PAST = 3;
/** A program also has the events that fill buffers, and the clients that are refused or stall: more than its factors say. */
const MORE = 2;

/** The plainest first. */
export function condense(programs: readonly Program[], bounds: Bounds): readonly (readonly Program[])[] {
  const last = programs.at(-1);
  if (last === undefined || programs.length < LONG_PAST) return [];
  const totals = [EVENTS_FACTOR, CLIENTS_FACTOR].flatMap((factor) => {
    const program = withTotal(programs, factor, factor === CLIENTS_FACTOR ? bounds.mostClients : undefined);
    return isPossible(program, bounds) ? [program] : [];
  });
  return [...totals.map((total) => [total]), ...totals.map((total) => [total, last])];
}

function withTotal(programs: readonly Program[], factor: Factor, most = Number.POSITIVE_INFINITY): Program {
  const total = programs.reduce((sum, program) => sum + Number(factorValue(program, factor)), 0);
  const plain: Program = { seed: programs.at(-1)?.seed ?? 1, factors: {} };
  return withValue(plain, factor, Math.min(MORE * total, largest(factor), most));
}

function largest(factor: Factor): number {
  return Math.max(...factor.classes.map((name) => Number(name.split('-').at(-1))));
}
