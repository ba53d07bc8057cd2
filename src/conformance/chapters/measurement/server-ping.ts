// How often the hub pings a client: listened for beside the other measurements, so that it costs no time.
import type { Check } from '../../check.ts';
import { type Finding, type Measurement, pass } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import { orUnmeasured } from './or-unmeasured.ts';

const LISTENED_MILLIS = 12_000;

export const serverPing: Check = {
  id: 'measurement.server-ping',
  chapter: 'measurement',
  title: "the interval between the hub's pings",
  level: 'info',
  clause: { source: 'RFC 6455 5.5.2', quote: 'A Ping frame may serve either as a keepalive' },
  needs: [],
  deadlineMillis: 60_000,
  explain:
    'Without pings a hub keeps clients whose machine was switched off, and proxies cut idle connections. A client listens during the other measurements, for 12 s at most; the time between two pings is the interval. Many hubs ping every 20 to 60 s; then the result is only how long no ping arrived. To measure such an interval, run the hub with a shorter one.',
  isolation: 'beside',
  run: (lab) => orUnmeasured(['serverPingMillis'], () => listen(lab)),
};

async function listen(lab: Lab): Promise<Finding> {
  const client = await lab.connect();
  const startMillis = lab.elapsedMillis();
  const seenMillis: number[] = [];
  const left = (): number => Math.max(1, startMillis + LISTENED_MILLIS - lab.elapsedMillis());
  while (seenMillis.length < 2) {
    const wanted = seenMillis.length + 1;
    if (!(await client.until(() => client.record.pings >= wanted, `ping ${wanted} of the hub`, left())))
      break;
    seenMillis.push(lab.elapsedMillis() - startMillis);
  }
  const endMillis = (client.end?.atMillis ?? lab.elapsedMillis()) - startMillis;
  return pass({ measurements: { serverPingMillis: tell(seenMillis, endMillis) } });
}

/** Times of at most two pings, and of the end of listening, all since the client came in. */
export function tell([first, second]: readonly number[], endMillis: number): Measurement {
  if (first !== undefined && second !== undefined) return { value: Math.round(second - first) };
  if (first === undefined)
    return { value: null, low: Math.round(endMillis), reason: 'no ping arrived while a client listened' };
  // A period shorter than either would have shown.
  const low = Math.round(Math.max(first, endMillis - first));
  return { value: null, low, reason: 'only one ping arrived while a client listened' };
}
