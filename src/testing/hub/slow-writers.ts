// A correct hub whose writers are slow: each rests after every message that it has written, as on a machine where the
// writer is not scheduled. A client that reads at once is behind all the same, as deep as the window of 32 allows.
import type { HookableHub } from './hookable-hub.ts';
import type { HubChange } from './hub-hooks.ts';

const REST_MILLIS = 20;

export const slowWriters: HubChange<HookableHub> = (hub, correct) => ({
  writeFrame(client, frame, kind, done) {
    const rest = (): void => void hub.after(client, REST_MILLIS, done);
    correct.writeFrame(client, frame, kind, kind === 'message' ? rest : done);
  },
});
