// Known-bad hubs whose bug shows when the hub or the network stood still for a while. They are not part of the kill matrix.

import type { HookableHub } from '../hub/hookable-hub.ts';
import type { HubChange } from '../hub/hub-hooks.ts';
import type { FaultDefect } from './restart-defects.ts';

const HEARTBEAT_MILLIS = 100;
const MISSED_HEARTBEATS = 10;
const WRITE_DEADLINE_MILLIS = 1_000;

/** The deadline is compared before anything that came meanwhile is read. */
const heartbeatsByTheClock: HubChange<HookableHub> = (hub, correct) => ({
  admit(client, writeResponse, request) {
    correct.admit(client, writeResponse, request);
    const { clock } = hub.options;
    let seenMicros = clock.nowMicros();
    const beat = () => {
      const lateMillis = (clock.nowMicros() - seenMicros) / 1e3;
      if (lateMillis > MISSED_HEARTBEATS * HEARTBEAT_MILLIS) return hub.drop(client);
      seenMicros = clock.nowMicros();
      hub.after(client, HEARTBEAT_MILLIS, beat);
    };
    hub.after(client, HEARTBEAT_MILLIS, beat);
  },
});

const writeDeadline: HubChange<HookableHub> = (hub, correct) => ({
  writeFrame(client, frame, kind, done) {
    const deadline = hub.after(client, WRITE_DEADLINE_MILLIS, () => hub.drop(client));
    correct.writeFrame(client, frame, kind, () => {
      deadline.cancel();
      done();
    });
  },
});

export const OUTAGE_DEFECTS: readonly FaultDefect[] = [
  {
    id: 'drops-all-after-a-stop',
    summary: 'after a second in which its process did not run it drops every client',
    change: heartbeatsByTheClock,
  },
  {
    id: 'write-deadline',
    summary: 'a client whose socket takes nothing for a second is dropped, however few events wait for it',
    change: writeDeadline,
  },
];
