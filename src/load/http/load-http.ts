// The HTTP load of a run, during its measured time.
import type { Target } from '../../target/target.ts';
import type { Clock } from '../../time/clock.ts';
import type { LoadPlan } from '../plan/plan.ts';
import { type MeasuredHttp, startHttpLoad } from './start-http-load.ts';

export async function loadHttp(
  { httpLoadConnections: connections, durationMillis }: LoadPlan,
  { url: hubUrl, tls, abilities }: Target,
  clock: Clock,
  signal: AbortSignal,
): Promise<MeasuredHttp> {
  if (connections === 0) return { outcomes: [] };
  const hasBroadcasts = abilities.broadcast;
  return startHttpLoad({ hubUrl, tls, connections, durationMillis, hasBroadcasts }, clock, signal);
}
