// Where clients and producers reach a hub that listens.
import type { Server } from 'node:net';
import { WEBSOCKET_PATH } from '../protocol/limits.ts';
import { writeUnixUrl } from '../wire/address/unix-url.ts';

export interface HubAddresses {
  readonly url: string;
  readonly broadcastUrl: string;
}

/** `bound` is what the server listens on; `host` as it was asked for. */
export function addressesOf(
  bound: ReturnType<Server['address']>,
  host: string,
  isTls: boolean,
): HubAddresses {
  if (typeof bound === 'string')
    return {
      url: writeUnixUrl('ws', { socketPath: bound, requestTarget: WEBSOCKET_PATH }),
      broadcastUrl: writeUnixUrl('http', { socketPath: bound, requestTarget: '/broadcast' }),
    };
  const authority = `${host.includes(':') ? `[${host}]` : host}:${bound?.port}`;
  const s = isTls ? 's' : '';
  return {
    url: `ws${s}://${authority}${WEBSOCKET_PATH}`,
    broadcastUrl: `http${s}://${authority}/broadcast`,
  };
}
