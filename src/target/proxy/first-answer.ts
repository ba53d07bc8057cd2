// The answer to one opening handshake before anything is judged: what it shows of a proxy, and whether anybody is let in.
import { systemClock } from '../../time/clock.ts';
import type { HandshakeResponse } from '../../wire/connection.ts';
import { openConnection } from '../../wire/open-connection.ts';
import { SILENT_LISTENER } from '../../wire/stream-connection.ts';
import { connectAs, FIRST_CLIENT, type HubAccess } from '../identity/client-identity.ts';

const DEADLINE_MILLIS = 2_000;
const UNAUTHORIZED: ReadonlySet<number> = new Set([401, 403, 407]);
/** A proxy answers, and the hub behind it does not. */
const NO_HUB: ReadonlySet<number> = new Set([502, 503, 504]);

/** Whatever it says; undefined without an answer. */
export async function readFirstAnswer(hub: HubAccess): Promise<HandshakeResponse | undefined> {
  const opened = await openConnection({
    ...connectAs(hub, FIRST_CLIENT),
    clock: systemClock,
    deadlineMillis: DEADLINE_MILLIS,
    listener: SILENT_LISTENER,
    window: 'default',
  });
  if (opened.ok) opened.connection.destroy();
  return opened.response;
}

/** Why no client of this run can connect, one sentence; a hub that refuses clients without credentials is judged. */
export async function whyNobodyEnters(hub: HubAccess): Promise<string | undefined> {
  const status = (await readFirstAnswer(hub))?.status ?? 0;
  const answered = `${hub.url} answered the first handshake with HTTP ${status}`;
  if (NO_HUB.has(status)) return `${answered}: a proxy is there, and the hub behind it is not reached`;
  if (UNAUTHORIZED.has(status) && hub.identity !== undefined)
    return `${answered}: it does not accept what the URL, --client-header or --client-data give`;
  return undefined;
}
