// B34, subtle: what a client sends is broadcast when it looks like an event that the hub knows.
import type { Defect } from '../defect.ts';

export const knownTypeRebroadcast: Defect = {
  id: 'known-type-rebroadcast',
  bugClass: 'B34',
  summary: 'a client that sends a deploy.step injects it into everybody’s stream',
  severity: 'medium',
  namedBy: { 'delivery.client-text-reaches-nobody': 'fail' },
  change: (hub) => ({
    onMessage(_client, _opcode, payload) {
      const text = payload.toString('utf8');
      if (text.includes('"deploy.step"')) void hub.accept(text);
    },
  }),
};
