// The outputs that the flag --out opens, for commands that run load.
import { kitVersion } from '../../../kit/kit-version.ts';
import { type Outputs, openOutputs } from '../../../load/outputs/open-outputs.ts';
import type { OutputSpec } from '../../../load/outputs/output.ts';
import { findRefused } from '../../../target/refuse-non-loopback.ts';
import { systemClock } from '../../../time/clock.ts';
import { UsageError } from '../../options/usage-error.ts';

/** Throws UsageError for a collector on another machine, unless that is allowed. */
export function mustExportNearby(specs: readonly OutputSpec[], isRemoteAllowed = false): void {
  const collectors = specs.flatMap((spec) => (spec.kind === 'otlp' ? [spec.url] : []));
  const refused = findRefused(collectors, { isRemoteAllowed });
  if (refused !== undefined) throw new UsageError(`--out: ${refused}`);
}

/** `say` writes a line for the user. Throws UsageError for an output that cannot be opened. */
export async function mustOpenOutputs(
  program: string,
  specs: readonly OutputSpec[],
  say: (text: string) => void,
): Promise<Outputs> {
  const opened = await openOutputs(specs, {
    clock: systemClock,
    kitVersion: kitVersion(),
    instance: `${Math.floor(systemClock.wallMillis())}-${process.pid}`,
    warn: (sentence) => say(`${program}: warning: --out: ${sentence}`),
  });
  if (!opened.ok) throw new UsageError(`--out: ${opened.problem}`);
  for (const where of opened.value.where) say(`${program}: live numbers: ${where}`);
  return opened.value;
}
