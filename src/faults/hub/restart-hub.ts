// A hub that is ended and started again, and then takes connections.
import { portOpens } from '../../target/spawn/await-ready.ts';
import type { Target } from '../../target/target.ts';

/** After a SIGTERM, deployments commonly wait about this long before they kill. */
const STOP_DEADLINE_MILLIS = 10_000;
/** Some programs say that they are ready just before they listen. */
const LISTEN_DEADLINE_MILLIS = 5_000;

export type Restarted =
  | {
      readonly ok: true /** Where it did not end by itself: one sentence. */;
      readonly notice?: string;
    }
  | { readonly ok: false; readonly problem: string };

/** `kill`: SIGKILL, without a request to end. Nothing is started once `signal` has aborted. */
export async function restartHub(
  target: Target,
  how: 'restart' | 'kill',
  signal: AbortSignal,
): Promise<Restarted> {
  const stop = how === 'kill' ? undefined : await target.stop(STOP_DEADLINE_MILLIS);
  if (stop?.ok !== true) await target.kill();
  const notice =
    stop?.ok === false
      ? { notice: `the hub did not end by itself (${stop.problem}), so the kit killed it` }
      : {};
  if (signal.aborted) return { ok: true, ...notice };
  const start = await startAgain(target);
  return start.ok ? { ok: true, ...notice } : start;
}

/** After its end. */
export async function startAgain(target: Target): Promise<Restarted> {
  const start = await target.restart();
  if (!start.ok) return { ok: false, problem: start.problem };
  return (await portOpens(target.url, AbortSignal.timeout(LISTEN_DEADLINE_MILLIS)))
    ? { ok: true }
    : { ok: false, problem: `nothing listens at ${target.url}` };
}
