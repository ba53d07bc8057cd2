// B47: the deadline of an evicted client starts again with every byte it takes, so that one which reads a few bytes a
// second keeps its queue for as long as it likes.
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

const PIECE_BYTES = 8_192;
const IDLE_MICROS = 5_000_000;

export const slowDrip: Defect = {
  id: 'slow-drip',
  bugClass: 'B47',
  summary: 'an evicted client that reads a little now and then is never closed',
  severity: 'medium',
  namedBy: { 'slow-client.drip-is-disconnected': 'warn' },
  change(hub, correct) {
    const takenAtMicros = new WeakMap<HubClient, number>();
    const now = (): number => hub.options.clock.nowMicros();
    const closeWhenIdle = (client: HubClient): void => {
      hub.after(client, 100, () => {
        if (now() - (takenAtMicros.get(client) ?? 0) > IDLE_MICROS) client.socket.destroy();
        else closeWhenIdle(client);
      });
    };
    return {
      evict(client) {
        hub.counters.evictions += 1;
        hub.leave(client);
        takenAtMicros.set(client, now());
        closeWhenIdle(client);
      },
      writeFrame(client, frame, kind, done) {
        if (frame.length <= PIECE_BYTES) {
          correct.writeFrame(client, frame, kind, done);
          return;
        }
        const piece = frame.subarray(0, PIECE_BYTES);
        correct.writeFrame(client, piece, kind, () => {
          takenAtMicros.set(client, now());
          hub.hooks.writeFrame(client, frame.subarray(PIECE_BYTES), kind, done);
        });
      },
    };
  },
};
