// B01, subtle: four writers serve all clients, and each is held by one write until the kernel has taken it. Up to three
// stalled clients do no harm; as many as there are writers stop everybody.
import type { Defect } from '../defect.ts';

const WRITERS = 4;

export const sharedWriters: Defect = {
  id: 'shared-writers',
  bugClass: 'B01',
  summary: 'four stalled clients together stop delivery to everybody, fewer do not',
  severity: 'critical',
  namedBy: { 'slow-client.others-unharmed': 'fail' },
  change() {
    const waiting: (() => void)[] = [];
    let freeWriters = WRITERS;
    const release = (): void => {
      const next = waiting.shift();
      if (next === undefined) freeWriters += 1;
      else next();
    };
    return {
      writeFrame(client, frame, _kind, done) {
        const write = (): void => {
          client.socket.write(frame, (error) => {
            release();
            if (!error) done();
          });
        };
        if (freeWriters === 0) {
          waiting.push(write);
          return;
        }
        freeWriters -= 1;
        write();
      },
    };
  },
};
