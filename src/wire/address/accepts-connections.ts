// Whether something accepts connections at a place, without saying anything there.
import { connect, type NetConnectOpts } from 'node:net';

const PROBE_MILLIS = 1_000;

export function acceptsConnections(place: NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...place, timeout: PROBE_MILLIS });
    const end = (isAccepted: boolean) => {
      socket.destroy();
      resolve(isAccepted);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
