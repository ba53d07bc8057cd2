// Correct hubs whose broadcast route is unlike that of the others: slow, one event a request, or for small events only. No
// check may fail one of them, and a full run of the suite ends in time on each.
import type { HookableHub } from '../hub/hookable-hub.ts';
import type { HubChange } from '../hub/hub-hooks.ts';

type Publish = (texts: readonly string[]) => Promise<{ status: number; body: Record<string, unknown> }>;

const SMALL_BYTES = 8_192;

/** An answer without a count: the kit then sends one event a request. */
const ONE_EACH = { status: 202, body: { ok: true } };

const pause = (hub: HookableHub, millis: number): Promise<void> =>
  new Promise((resume) => hub.options.clock.after(millis, resume));

/** One event a request. Requests at the same time take their time side by side. */
export const takesMillis =
  (millis: number): HubChange<HookableHub> =>
  (hub, correct) => ({
    async publish(texts) {
      await pause(hub, millis);
      await correct.publish(texts);
      return ONE_EACH;
    },
  });

/** One request after the other, as behind a lock. */
const takesMillisInTurn =
  (millis: number): HubChange<HookableHub> =>
  (hub, correct) => {
    let last: Promise<unknown> = Promise.resolve();
    const publish: Publish = async (texts) => {
      await pause(hub, millis);
      await correct.publish(texts);
      return ONE_EACH;
    };
    return {
      publish(texts) {
        const answer = last.then(() => publish(texts));
        last = answer;
        return answer;
      },
    };
  };

/** Several events a request, and so long for each of them. */
const takesMillisForEach =
  (millis: number): HubChange<HookableHub> =>
  (hub, correct) => ({
    async publish(texts) {
      for (const text of texts) {
        await pause(hub, millis);
        await correct.publish([text]);
      }
      return { status: 202, body: { accepted: texts.length } };
    },
  });

/** By the id under which they can be started. */
export const CORRECT_ROUTES: Readonly<Record<string, HubChange<HookableHub>>> = {
  'route-one-each': takesMillis(0),
  // Nagle's algorithm against delayed acknowledgements.
  'route-40-ms': takesMillis(40),
  'route-200-ms': takesMillis(200),
  'route-1-s': takesMillis(1_000),
  'route-40-ms-in-turn': takesMillisInTurn(40),
  'route-batch-40-ms': takesMillisForEach(40),
  'route-8-kib': (_hub, correct) => ({
    async publish(texts) {
      if (texts.some((text) => Buffer.byteLength(text) > SMALL_BYTES))
        return { status: 413, body: { error: `more than ${SMALL_BYTES} bytes` } };
      return correct.publish(texts);
    },
  }),
};
