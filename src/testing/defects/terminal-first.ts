// B21, subtle: events that end a saga have priority. Shows as `deploy.completed` or `deploy.failed` arriving before the
// last steps that were published before it.
import type { Defect } from '../defect.ts';

export const terminalFirst: Defect = {
  id: 'terminal-first',
  bugClass: 'B21',
  summary: 'deploy.completed and deploy.failed overtake the steps that wait before them',
  severity: 'high',
  namedBy: { 'lifecycle.scenarios-arrive': 'fail' },
  change: (_hub, correct) => ({
    async publish(texts) {
      const isTerminal = (text: string): boolean => /"deploy\.(completed|failed)"/.test(text);
      const ordered = [...texts.filter(isTerminal), ...texts.filter((text) => !isTerminal(text))];
      await correct.publish(ordered);
      return { status: 202, body: { accepted: texts.length } };
    },
  }),
};
