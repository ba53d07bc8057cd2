// B20: messages are encoded into a pooled buffer that is used again while it is still queued. Shows as queued events of
// a slow reader carrying the content of later ones; a reader that keeps up sees nothing.
import type { Defect } from '../defect.ts';

const POOL_BUFFERS = 4;

export const sharedBuffer: Defect = {
  id: 'shared-buffer',
  bugClass: 'B20',
  summary: 'events queued for a slow reader show the content of later events',
  severity: 'high',
  namedBy: { 'envelope.queued-not-mixed': 'fail' },
  change(_hub, correct) {
    const poolByBytes = new Map<number, Buffer[]>();
    let encoded = 0;
    return {
      encode(text) {
        const frame = correct.encode(text);
        const pool = poolByBytes.get(frame.length) ?? [];
        poolByBytes.set(frame.length, pool);
        const slot = pool[encoded % POOL_BUFFERS] ?? Buffer.alloc(frame.length);
        pool[encoded % POOL_BUFFERS] = slot;
        encoded += 1;
        frame.copy(slot);
        return slot;
      },
    };
  },
};
