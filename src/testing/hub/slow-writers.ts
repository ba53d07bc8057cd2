// Correct hubs whose events come late and in order: their writers rest after every message that they have written, as on a
// machine where the writer is not scheduled, or every event is some time on its way. A client that reads at once is behind all
// the same, as deep as the window of 32 allows.
import type { HookableHub } from './hookable-hub.ts';
import type { HubChange } from './hub-hooks.ts';

const REST_MILLIS = 20;
const LATE_MILLIS = 250;

export const slowWriters: HubChange<HookableHub> = (hub, correct) => ({
  writeFrame(client, frame, kind, done) {
    const rest = (): void => void hub.after(client, REST_MILLIS, done);
    correct.writeFrame(client, frame, kind, kind === 'message' ? rest : done);
  },
});

/** Every event is so long on its way, however many are. */
export const lateEvents: HubChange<HookableHub> = (hub, correct) => ({
  fanOut(message) {
    hub.options.clock.after(LATE_MILLIS, () => void correct.fanOut(message));
  },
});
