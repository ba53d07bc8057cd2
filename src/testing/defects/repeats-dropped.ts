// B22, the other way round: what is taken for a duplicate is left out, although a step was started twice.
import type { Defect } from '../defect.ts';

export const repeatsDropped: Defect = {
  id: 'repeats-dropped',
  bugClass: 'B22',
  summary: 'an event that equals the one before it is not delivered',
  severity: 'high',
  namedBy: { 'delivery.repeated-events': 'fail' },
  change(_hub, correct) {
    let last: string | undefined;
    return {
      async fanOut(message) {
        const isRepeat = message.text === last;
        last = message.text;
        if (!isRepeat) await correct.fanOut(message);
      },
    };
  },
};
