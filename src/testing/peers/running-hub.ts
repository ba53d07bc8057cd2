// Starts a hub inside the test process on a free port, and stops what a test started.
import { createHub, type Hub } from '../../hub/hub.ts';
import type { HubOptions } from '../../hub/hub-options.ts';
import { type ListeningPeer, openPeer, type PeerOptions } from './listening-peer.ts';

export interface RunningHub {
  readonly hub: Hub;
  readonly url: string;
  /** `http://host:port`, without a path. */
  readonly http: string;
  readonly port: number;
  join(options?: PeerOptions): Promise<ListeningPeer>;
}

export interface Stage {
  start(options?: HubOptions): Promise<RunningHub>;
  /** Runs when the test ends, last added first. */
  onEnd(clean: () => unknown): void;
  /** Stops everything that was started here; for `afterEach`. */
  clear(): Promise<void>;
}

export function createStage(): Stage {
  let cleanups: (() => unknown)[] = [];
  const onEnd = (clean: () => unknown) => cleanups.push(clean);
  return {
    onEnd,
    async start(options = {}) {
      const hub = createHub(options);
      const { url, broadcastUrl } = await hub.listen(0);
      onEnd(() => hub.stop());
      const join = async (peerOptions?: PeerOptions) => {
        const peer = await openPeer(url, peerOptions);
        onEnd(() => peer.connection.destroy());
        return peer;
      };
      return {
        hub,
        url,
        http: broadcastUrl.replace('/broadcast', ''),
        port: Number(new URL(url).port),
        join,
      };
    },
    async clear() {
      const cleaning = cleanups.reverse();
      cleanups = [];
      for (const clean of cleaning) await clean();
    },
  };
}
