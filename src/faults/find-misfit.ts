// Why a fault cannot work on a target: known once the target is there, before the run starts.
import { FLAG_NAMES } from '../target/option-names.ts';
import { hubsOf, publishersOf } from '../target/replicas/joined-targets.ts';
import type { Target } from '../target/target.ts';
import type { Fault, FaultAction } from './language/fault.ts';

/** For whom a fault is meant where it does not say. */
const FIRST_ONLY: readonly Fault['kind'][] = ['restart', 'kill', 'freeze'];

/** What a command can do where the kit cannot. */
export const RESTARTS: readonly Fault['kind'][] = ['restart', 'kill', 'rolling-restart'];

/** The hubs that a fault is for, from 0. */
export function hubsOfFault({ kind, target }: Fault, hubs: number): readonly number[] {
  if (target !== undefined) return [target - 1];
  if (FIRST_ONLY.includes(kind)) return [0];
  return Array.from({ length: hubs }, (_, hub) => hub);
}

/** One sentence, with what to use instead; undefined where all faults can work. */
export function findMisfit(
  faults: readonly Fault[],
  target: Target,
  names: { readonly pid: string } = FLAG_NAMES,
): string | undefined {
  const [first] = faults;
  if (first !== undefined && !target.abilities.broadcast)
    return `"${first.written}" cannot be measured without events: ${target.abilities.missing.broadcast ?? 'the hub cannot be made to broadcast'}`;
  const hubs = hubsOf(target);
  for (const fault of faults)
    for (const at of hubsOfFault(fault, hubs.length)) {
      const hub = hubs[at] as Target;
      const reason =
        fault.kind === 'start' && publishersOf(target).includes(hub)
          ? 'events are published there as well; publish at the first hub alone'
          : whyNotAt(fault, hub, names);
      if (reason === undefined) continue;
      const where = hubs.length === 1 ? '' : ` at target ${at + 1}`;
      const instead = RESTARTS.includes(fault.kind) ? ", or let exec='CMD' restart it" : '';
      return `"${fault.written}" cannot work${where}: ${reason}${instead}`;
    }
  return undefined;
}

/** Why a fault of this kind cannot work on one hub. */
export function whyNotAt(
  { kind }: Pick<FaultAction, 'kind'>,
  { abilities, pids }: Target,
  names: { readonly pid: string } = FLAG_NAMES,
): string | undefined {
  switch (kind) {
    case 'restart':
    case 'kill':
    case 'rolling-restart':
    case 'start':
      return abilities.restart
        ? undefined
        : `${abilities.missing.restart ?? 'the hub cannot be restarted'}; or use drop or partition, which work with any hub`;
    case 'freeze':
      return pids !== undefined
        ? undefined
        : `the process of the hub is not known (use ${names.pid}); or use partition, which works with any hub`;
    default:
      return undefined;
  }
}
