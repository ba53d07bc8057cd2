// B50: an event that cannot be parsed kills the process.
import type { Defect } from '../defect.ts';

export const badEventKills: Defect = {
  id: 'bad-event-kills',
  bugClass: 'B50',
  summary: 'the process dies on a broadcast request that is not JSON',
  severity: 'high',
  namedBy: { 'envelope.invalid-not-broadcast': 'fail' },
  change: (hub, correct) => ({
    refuseEvent(text) {
      const problem = correct.refuseEvent(text);
      if (problem !== undefined) hub.crash(`unhandled: ${problem}`);
      return problem;
    },
  }),
};
