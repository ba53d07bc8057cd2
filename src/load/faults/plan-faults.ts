// The faults of a plan: those that a person asked for and those of the scenarios, checked against the rest of the plan.
import type { Scenario } from '../../scenario/scenario.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { Fault } from './fault.ts';
import { parseFault } from './fault-language.ts';

export interface FaultWords {
  readonly faults: readonly string[];
  readonly scenarios: readonly Pick<Scenario, 'name' | 'faults'>[];
  readonly durationMillis: number;
  readonly hubs: number;
}

export type PlannedFaults = Parsed<readonly Fault[]> & { readonly field?: 'faults' | 'scenarios' };

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
  return parsed(planned);
}

function findContradiction(fault: Fault, durationMillis: number, hubs: number): string | undefined {
  const { written, atMillis, target, kind } = fault;
  if (atMillis >= durationMillis)
    return `"${written}" would never begin: the measured time is ${durationMillis / 1e3} s; at= counts from its start`;
  if (target !== undefined && target > hubs)
    return `"${written}": there ${hubs === 1 ? 'is 1 hub' : `are ${hubs} hubs`}, so target= is ${hubs === 1 ? '1' : `1 to ${hubs}`}`;
  if (kind === 'rolling-restart' && hubs === 1)
    return `"${written}" restarts several hubs one after another, and there is 1 hub: use restart`;
  return undefined;
}
