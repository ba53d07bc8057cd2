// The frames that the hot functions read: events as a hub sends them.
import { stampEvent } from '../../protocol/content-check.ts';
import { encodeServerText } from '../../wire/frame-writer.ts';

const EVENTS = 64;

function eventFrame(sequence: number): Buffer {
  const payload = {
    step: 'build',
    sagaId: `saga-${sequence >> 1}`,
    status: sequence % 2 ? 'complete' : 'running',
  };
  const probe = { runId: 'bench', sequence, dueMicros: sequence * 10 };
  return encodeServerText(Buffer.from(stampEvent({ type: 'deploy.step', appId: 'myapp', payload }, probe)));
}

export const FRAMES = Array.from({ length: EVENTS }, (_, sequence) => eventFrame(sequence));
/** All of them as one read. */
export const READ = Buffer.concat(FRAMES);
