// What holds for every connection of every check, whatever the check is about: frames are legal, and no data follows the
// hub's own Close (RFC 6455 5.1 to 5.5). Pure, so that it is tested with records.
import type { Recorded } from '../../session/recorded.ts';
import type { WireEntry } from '../../session/wire-log.ts';
import type { Breach } from '../finding.ts';
import type { CheckResult } from '../result.ts';

export interface RuledConnection {
  readonly name: string;
  /** The check sent bytes of its own making: what the hub answers to illegal ones is for that check to judge. */
  readonly isProvoking: boolean;
  readonly record: Pick<Recorded, 'faults' | 'hasDataAfterClose' | 'closes'>;
}

/** A check in which a connection broke the rules has failed, whatever its level and whatever it found besides. */
export function blameFrames(result: CheckResult, breach: Breach, wire: readonly WireEntry[]): CheckResult {
  if (result.verdict === 'fail') return { ...result, evidence: [...result.evidence, breach.got] };
  const { reason, got = reason, ...rest } = result;
  const evidence = got === undefined ? result.evidence : [...result.evidence, got];
  return { ...rest, verdict: 'fail', ...breach, evidence, wire };
}

/** A check that passed in spite of a second Close passes with a warning. */
export function warnOfSecondClose(
  result: CheckResult,
  breach: Breach,
  wire: readonly WireEntry[],
): CheckResult {
  return result.verdict === 'pass'
    ? { ...result, verdict: 'warn', ...breach, wire }
    : { ...result, evidence: [...result.evidence, breach.got] };
}

/** The hub closes once: a second Close is not strict, whatever the client did (RFC 6455 5.5.1). */
export function findSecondClose(connections: readonly RuledConnection[]): Breach | undefined {
  const found = connections.find(({ record }) => record.closes.length > 1);
  if (found === undefined) return undefined;
  const codes = found.record.closes.map(({ code }) => code).join(', ');
  return {
    expected: 'one Close frame on a connection (RFC 6455 5.5.1)',
    got: `the hub sent ${found.record.closes.length} Close frames (${codes}) to client ${found.name}`,
  };
}

/** The first breach; undefined when all connections kept the rules. */
export function findFrameBreach(connections: readonly RuledConnection[]): Breach | undefined {
  for (const { name, isProvoking, record } of connections) {
    // Nothing that a client sends allows this.
    if (record.hasDataAfterClose)
      return {
        expected: 'no data frame follows the Close of the hub (RFC 6455 5.5.1)',
        got: `the hub sent data after its Close ${record.closes[0]?.code ?? ''} to client ${name}`,
      };
    const fault = isProvoking ? undefined : record.faults.find(({ kind }) => kind === 'frame');
    if (fault !== undefined)
      return { expected: 'legal frames on every connection', got: `${fault.problem} (client ${name})` };
  }
  return undefined;
}
