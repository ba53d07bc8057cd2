// The events that the kit itself broadcasts beside those under test: one that shows that a client is registered, and one
// whose arrival shows that nothing else came before it.
import type { Envelope } from '../protocol/envelope.ts';

const OWN_APP_ID = 'norn-loadtest';

export const NONCE_EVENT: Envelope = {
  type: 'deploy.progress',
  appId: OWN_APP_ID,
  payload: { sagaId: 'join', message: 'whoever gets this is registered' },
};

/** Fills the queues of clients that do not read. */
export const pressureEvent = (message: string): Envelope => ({
  type: 'deploy.progress',
  appId: OWN_APP_ID,
  payload: { sagaId: 'pressure', message },
});

export const FENCE_EVENT: Envelope = {
  type: 'deploy.progress',
  appId: OWN_APP_ID,
  payload: { sagaId: 'fence', message: 'everything before this has arrived' },
};
