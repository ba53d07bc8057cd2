// The faults of a plan: those that a person asked for and those of the scenarios, checked against the rest of the plan.

import { hubsOfFault } from '../../faults/find-misfit.ts';
import type { Fault, FaultKind } from '../../faults/language/fault.ts';
import { parseFault } from '../../faults/language/fault-language.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';

export interface FaultWords {
  readonly faults: readonly string[];
  readonly scenarios: readonly Pick<Scenario, 'name' | 'faults'>[];
  readonly durationMillis: number;
  readonly hubs: number;
}

export type PlannedFaults = Parsed<readonly Fault[]> & { readonly field?: 'faults' | 'scenarios' };

const OF_THE_PROCESS: readonly FaultKind[] = ['restart', 'kill', 'freeze', 'rolling-restart', 'start'];

export function planFaults({ faults, scenarios, durationMillis, hubs }: FaultWords): PlannedFaults {
  const planned: Fault[] = [];
  const add = (written: string): string | undefined => {
    const fault = parseFault(written);
    if (!fault.ok) return fault.problem;
    planned.push(fault.value);
    return findContradiction(fault.value, durationMillis, hubs);
  };
  for (const written of faults) {
    const problem = add(written);
    if (problem !== undefined) return { ...unparsed(problem), field: 'faults' };
  }
  for (const scenario of scenarios)
    for (const written of scenario.faults ?? []) {
      const problem = add(written);
      if (problem !== undefined) return { ...unparsed(`${scenario.name}: ${problem}`), field: 'scenarios' };
    }
  const problem = findBeforeStart(planned, hubs);
  return problem === undefined ? parsed(planned) : { ...unparsed(problem), field: 'faults' };
}

/** A hub runs only once it has been started, and is started once. */
function findBeforeStart(faults: readonly Fault[], hubs: number): string | undefined {
  for (const start of faults.filter(({ kind }) => kind === 'start'))
    for (const other of faults) {
      const isThere = other !== start && hubsOfFault(other, hubs).includes((start.target ?? 1) - 1);
      if (!isThere || !OF_THE_PROCESS.includes(other.kind)) continue;
      if (other.kind === 'start') return `"${other.written}": this hub is started twice`;
      if (other.atMillis <= start.atMillis)
        return `"${other.written}" comes before "${start.written}", when this hub does not run`;
    }
  return undefined;
}

function findContradiction(fault: Fault, durationMillis: number, hubs: number): string | undefined {
  const { written, atMillis, target, kind } = fault;
  if (atMillis >= durationMillis)
    return `"${written}" would never begin: the measured time is ${durationMillis / 1e3} s; at= counts from its start`;
  if (kind === 'start' && (hubs === 1 || target === 1))
    return `"${written}": the first hub runs from the start; give ${hubs === 1 ? 'several hubs, which share their events' : 'target=2 or above'}`;
  if (target !== undefined && target > hubs)
    return `"${written}": there ${hubs === 1 ? 'is 1 hub' : `are ${hubs} hubs`}, so target= is ${hubs === 1 ? '1' : `1 to ${hubs}`}`;
  if (kind === 'rolling-restart' && hubs === 1)
    return `"${written}" restarts several hubs one after another, and there is 1 hub: use restart`;
  return undefined;
}
