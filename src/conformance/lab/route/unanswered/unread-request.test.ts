// When a request whose connection ended is known to be unread, on clients of every kind.
import { describe, expect, it } from 'vitest';
import { createSeries } from '../../../../session/series.ts';
import { sendUntilRead } from './unread-request.ts';

interface FakeClient {
  readonly isOpen?: boolean;
  readonly isReading?: boolean;
  /** -1: it has not joined. */
  readonly lastNonce?: number;
  readonly sequences?: readonly number[];
}

const CUT = { ok: false, kind: 'unreachable', problem: 'the connection ended', isReused: true } as const;
const TAKEN = { ok: true, accepted: 1 } as const;

/** Whether what was cut off is sent again, and how many nonces were sent to find out. */
async function judge(
  clients: readonly FakeClient[],
  what: 'event' | 'nonce' | 'other' = 'event',
  behaviour: { readonly takesNonce?: boolean; readonly deliversNonce?: boolean } = {},
) {
  const { takesNonce = true, deliversNonce = true } = behaviour;
  const series = createSeries('unread');
  const text = { event: series.next().text, nonce: series.nextNonce().text, other: '{"type":"t"}' }[what];
  let [nonces, attempts, nonce] = [0, 0, -1];
  const outcome = await sendUntilRead(
    {
      note() {},
      series: {
        readMessage: series.readMessage,
        nextNonce() {
          const next = series.nextNonce();
          nonce = next.sequence;
          return next;
        },
      },
      waiter: { until: async (holds) => holds() },
      async send([sent]) {
        if (sent === text) return ++attempts === 1 ? CUT : TAKEN;
        nonces += 1;
        return takesNonce ? TAKEN : { ok: false, kind: 'refused', problem: 'no' };
      },
      clients: () =>
        clients.map(({ isOpen = true, isReading = true, lastNonce = 0, sequences = [] }) => ({
          isOpen,
          isReading,
          record: {
            sequences,
            get lastNonce() {
              return nonces > 0 && deliversNonce && lastNonce >= 0 ? nonce : lastNonce;
            },
          } as never,
        })),
    },
    [text],
  );
  expect(outcome).toEqual(attempts === 2 ? TAKEN : CUT);
  return { isSentAgain: attempts === 2, nonces };
}

describe('an event whose request was cut off is', () => {
  it('sent again when a nonce behind it has arrived and it has not', async () => {
    expect(await judge([{}, {}])).toEqual({ isSentAgain: true, nonces: 1 });
  });

  it('not sent again when any client has received it', async () => {
    expect(await judge([{}, { sequences: [0] }])).toMatchObject({ isSentAgain: false });
    expect(await judge([{}, { isOpen: false, sequences: [0] }])).toMatchObject({ isSentAgain: false });
  });

  it.each([
    ['nobody listens', [], {}],
    ['nobody has joined', [{ lastNonce: -1 }], {}],
    ['all have left', [{ isOpen: false }], {}],
    ['the hub does not take the nonce', [{}], { takesNonce: false }],
    ['the nonce does not arrive', [{}], { deliversNonce: false }],
  ] as const)('not sent again when %s', async (_, clients, behaviour) => {
    expect((await judge(clients, 'event', behaviour)).isSentAgain).toBe(false);
  });

  it('not sent again, without a nonce, while a client does not read', async () => {
    expect(await judge([{}, { isReading: false }])).toEqual({ isSentAgain: false, nonces: 0 });
  });

  it('not sent again when it is none of the series', async () => {
    expect(await judge([{}], 'other')).toEqual({ isSentAgain: false, nonces: 0 });
  });

  it('sent again at once when it is a nonce', async () => {
    expect(await judge([], 'nonce')).toEqual({ isSentAgain: true, nonces: 0 });
  });
});
