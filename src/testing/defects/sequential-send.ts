// B01, subtle: no queue is ever full, because the run loop waits until each client has taken the event before it turns
// to the next one (`await connection.send(…)` in a loop). Shows as: with one client that does not read, the others stop
// as soon as the kernel's buffers for it are full, long before 64 messages.
import type { Defect } from '../defect.ts';

export const sequentialSend: Defect = {
  id: 'sequential-send',
  bugClass: 'B01',
  summary: 'the run loop waits for each client in turn, so that one which does not read stops everybody',
  severity: 'critical',
  namedBy: { 'slow-client.evicted': 'fail' },
  change: () => ({
    deliver: (client, message) =>
      new Promise<void>((resume) => {
        if (client.phase !== 'open') return resume();
        client.socket.once('close', resume);
        client.socket.write(message.frame, () => {
          client.socket.off('close', resume);
          resume();
        });
      }),
  }),
};
