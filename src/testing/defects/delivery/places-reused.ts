// Membership: clients that left leave something behind, which the next to join gets (B23).
import type { Defect } from '../../defect.ts';
import type { HookableHub } from '../../hub/hookable-hub.ts';
import type { HubClient, HubMessage } from '../../hub/hub-client.ts';
import type { HubChange, HubHooks } from '../../hub/hub-hooks.ts';

/** Who joins first after exactly so many have left gets its events in another way. */
function afterLeft(
  left: number,
  deliver: (correct: HubHooks, client: HubClient, message: HubMessage) => void | Promise<void>,
): HubChange<HookableHub> {
  return (_hub, correct) => {
    const special = new WeakSet<HubClient>();
    let leftSinceJoin = 0;
    return {
      admit(client, writeResponse, request) {
        if (leftSinceJoin === left) special.add(client);
        leftSinceJoin = 0;
        correct.admit(client, writeResponse, request);
      },
      onGone(client, error) {
        leftSinceJoin++;
        correct.onGone(client, error);
      },
      deliver: (client, message) =>
        special.has(client) ? deliver(correct, client, message) : correct.deliver(client, message),
    };
  };
}

export const PLACES_REUSED: readonly Defect[] = [
  // The list is compacted when three places are free, and the next client is entered twice.
  {
    id: 'twice-after-three-left',
    bugClass: 'B23',
    summary: 'a client that joins after exactly three others left gets every event twice',
    severity: 'high',
    namedBy: { 'delivery.few-come-and-go': 'fail' },
    change: afterLeft(3, async (correct, client, message) => {
      await correct.deliver(client, message);
      await correct.deliver(client, message);
    }),
  },
  {
    id: 'gaps-after-five-left',
    bugClass: 'B23',
    summary: 'a client that joins after exactly five others left misses every third event',
    severity: 'high',
    namedBy: { 'delivery.few-come-and-go': 'fail' },
    change: afterLeft(5, (correct, client, message) =>
      message.number % 3 === 0 ? undefined : correct.deliver(client, message),
    ),
  },
];
