// B20 (corruption): a bit of the payload changes between producer and client, as after a write into a buffer that is
// still queued. Shows as bytes that differ from what was published, most often no longer JSON.
import type { Defect } from '../defect.ts';

export const corrupt: Defect = {
  id: 'corrupt',
  bugClass: 'B20',
  summary: 'one bit of every twentieth delivery is flipped',
  severity: 'high',
  namedBy: { 'delivery.every-client-once-in-order': 'fail' },
  change(hub, correct) {
    let deliveries = 0;
    return {
      deliver(client, message) {
        deliveries += 1;
        if (deliveries % 20 !== 0) return correct.deliver(client, message);
        const frame = Buffer.from(message.frame);
        const headerBytes = frame.length - Buffer.byteLength(message.text);
        const at = headerBytes + Math.floor(hub.options.random() * (frame.length - headerBytes));
        const bit = Math.floor(hub.options.random() * 7);
        frame[at] = (frame[at] ?? 0) ^ (1 << bit);
        return correct.deliver(client, { ...message, frame });
      },
    };
  },
};
