// Checks side by side on a real hub, one of whose writers is slow, or all of them: what they publish together never fills the
// buffer of a slow client, although none of them waits for it.
import { describe, expect, it } from 'vitest';
import { startHttpTarget } from '../../../target/http/http-target.ts';
import type { HookableHub } from '../../../testing/hub/hookable-hub.ts';
import { outstandingMessages } from '../../../testing/hub/hub-client.ts';
import type { HubChange } from '../../../testing/hub/hub-hooks.ts';
import { startHub } from '../../../testing/hub/start-hub.ts';
import type { Check } from '../../check.ts';
import { pass } from '../../finding.ts';
import { runChecks } from '../../run/runner.ts';
import { DEFAULT_SETTINGS } from '../../run/settings.ts';

const REST_MILLIS = 20;
const PUBLISHERS = 4;
const EVENTS_EACH = 48;

describe('checks that run side by side', () => {
  it.each([
    ['one client', (client: unknown, slow: unknown) => client === slow],
    ['every client', () => true],
  ])(
    'keep within one window of 32 events what %s of any of them has not seen, its writer being slow',
    async (_, isSlow) => {
      let mostOutstanding = 0;
      let slow: unknown;
      let isFirstCheckJoining = false;
      const oneSlowWriter: HubChange<HookableHub> = (hub, correct) => ({
        deliver(client, message) {
          if (isFirstCheckJoining) slow ??= client;
          const delivered = correct.deliver(client, message);
          mostOutstanding = Math.max(mostOutstanding, outstandingMessages(client));
          return delivered;
        },
        writeFrame(client, frame, kind, done) {
          const rest = (): void => void hub.after(client, REST_MILLIS, done);
          correct.writeFrame(client, frame, kind, isSlow(client, slow) ? rest : done);
        },
      });
      const hub = await startHub(oneSlowWriter);
      const start = await startHttpTarget({ url: hub.url, broadcastUrl: hub.broadcastUrl });
      if (!start.ok) throw new Error(start.problem);
      try {
        const shared = (id: string, run: Check['run']): Check => ({
          id: `delivery.${id}`,
          chapter: 'delivery',
          title: 'a check of the test',
          level: 'must',
          clause: { source: 'protocol: Connection', quote: 'none' },
          needs: ['broadcast'],
          deadlineMillis: 60_000,
          explain: 'of the test',
          isolation: 'shared',
          run,
        });
        let publishing = PUBLISHERS;
        let isJoined = false;
        const listens = shared('listens', async (lab) => {
          isFirstCheckJoining = true;
          const client = await lab.witness();
          isJoined = true;
          while (publishing > 0 && !lab.signal.aborted) await lab.pause(5);
          await lab.fence([client]);
          return pass();
        });
        const publishers = Array.from({ length: PUBLISHERS }, (_, at) =>
          shared(`publishes-${at}`, async (lab) => {
            while (!isJoined && !lab.signal.aborted) await lab.pause(5);
            const client = await lab.witness();
            await lab.publish(
              Array.from({ length: EVENTS_EACH }, () => ({})),
              [client],
            );
            publishing -= 1;
            return pass();
          }),
        );
        const { results } = await runChecks({
          checks: [listens, ...publishers],
          target: start.target,
          settings: DEFAULT_SETTINGS,
        });
        expect(results.map(({ verdict }) => verdict)).toEqual(Array(PUBLISHERS + 1).fill('pass'));
        // The hub counts one more: the message that its client has seen while the writer rests.
        expect(mostOutstanding).toBeLessThanOrEqual(33);
      } finally {
        await start.target.close();
        await hub.close();
      }
    },
    60_000,
  );
});
