// What a witness must hold at the end of a delivery check, and the breach when it does not.
import { FACTS, type Finding, type FindingExtras, fail } from '../../finding.ts';
import { basisOf, describeState } from '../../lab/client/client-state.ts';
import type { LabClient } from '../../lab/lab-client.ts';

/** Undefined when the client is connected and got exactly these events, in this order, with their content. */
export function findDeliveryBreach(client: LabClient, expected: readonly number[]): Finding | undefined {
  const { record, name } = client;
  const { sequences } = record;
  const breach = (got: string, basis: FindingExtras = FACTS): Finding =>
    fail(
      {
        expected: `client ${name} gets events ${describeRange(expected)}, each once and in this order`,
        got,
      },
      basis,
    );
  if (!client.isOpen) return breach(describeState(client), basisOf(client));
  const [fault] = record.faults;
  if (fault !== undefined) return breach(fault.problem);
  const altered = record.deliveries.find(({ isIntact }) => !isIntact);
  if (altered !== undefined)
    return breach(`event #${altered.sequence} arrived with different content than published`);
  const at = expected.findIndex((sequence, index) => sequences[index] !== sequence);
  if (at === -1 && sequences.length === expected.length) return undefined;
  if (at === -1) return breach(`after #${expected.at(-1) ?? '(none)'} also #${sequences[expected.length]}`);
  const wanted = expected[at] as number;
  const came = sequences[at];
  if (came === undefined) return breach(`event #${wanted} never arrived`, {});
  if (sequences.slice(0, at).includes(came)) return breach(`event #${came} arrived twice`);
  const fate = sequences.includes(wanted) ? 'came later' : 'never came';
  return breach(`#${came} arrived where #${wanted} was expected, which ${fate}`);
}

function describeRange(sequences: readonly number[]): string {
  const [first, last] = [sequences[0], sequences.at(-1)];
  return first === undefined ? '(none)' : first === last ? `#${first}` : `#${first} to #${last}`;
}

/** The first breach among clients that all must have the same. */
export function findFirstBreach(
  clients: readonly LabClient[],
  expected: readonly number[],
): Finding | undefined {
  for (const client of clients) {
    const breach = findDeliveryBreach(client, expected);
    if (breach) return breach;
  }
  return undefined;
}

export const blanks = (count: number): Record<string, never>[] => Array.from({ length: count }, () => ({}));
