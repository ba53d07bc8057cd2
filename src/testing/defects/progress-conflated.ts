// B16, subtle: progress that waits for a slow client is replaced by newer progress of the same saga, as if it were
// outdated. Shows only where several events of one saga wait.
import type { Defect } from '../defect.ts';
import type { HubMessage } from '../hub/hub-client.ts';

function sagaOf({ text }: HubMessage): string | undefined {
  const { type, appId, payload } = JSON.parse(text);
  return type === 'deploy.progress' && payload.sagaId ? JSON.stringify([appId, payload.sagaId]) : undefined;
}

export const progressConflated: Defect = {
  id: 'progress-conflated',
  bugClass: 'B16',
  summary: 'a client that is behind gets only the last of several progress messages of a saga',
  severity: 'high',
  namedBy: { 'envelope.queued-not-merged': 'fail' },
  change: (_hub, correct) => ({
    deliver(client, message) {
      const saga = sagaOf(message);
      const at = client.queue.findIndex((waiting) => saga !== undefined && sagaOf(waiting) === saga);
      if (at === -1) return correct.deliver(client, message);
      client.queue[at] = message;
    },
  }),
};
