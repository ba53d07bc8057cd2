// B36, subtle: the body of a Ping goes through a string on its way into the Pong.
import type { Defect } from '../defect.ts';

export const pongAsText: Defect = {
  id: 'pong-as-text',
  bugClass: 'B36',
  summary: 'pongs have other bytes where the ping was no text',
  severity: 'medium',
  namedBy: { 'robustness.pings-answered': 'fail' },
  change: (_hub, correct) => ({
    onPing: (client, payload, isInside) =>
      correct.onPing(client, Buffer.from(payload.toString('utf8')), isInside),
  }),
};
