// Causes in the opening handshake: nearly everything else follows from them, so they come first.
import type { Cause } from './cause.ts';
import { EVERYTHING } from './follows.ts';

export const HANDSHAKE_CAUSES: readonly Cause[] = [
  {
    id: 'handshake-refused',
    sentence: 'The hub refuses the opening handshake of clients that send no Origin and no credentials',
    decisive: ['handshake.no-credentials'],
    together: ['origin.absent-allowed'],
    follows: EVERYTHING,
  },
  {
    id: 'accept-value-wrong',
    sentence: 'The hub answers opening handshakes with a wrong Sec-WebSocket-Accept: clients close',
    decisive: ['handshake.accept-key'],
    follows: EVERYTHING,
  },
  {
    id: 'handshake-answer-invalid',
    sentence: "The hub's answer to the opening handshake is invalid, so clients close the connection",
    decisive: ['handshake.no-unrequested-extension', 'handshake.no-unrequested-subprotocol'],
    together: ['origin.absent-allowed'],
    follows: EVERYTHING,
  },
  {
    id: 'handshake-unchecked',
    sentence: 'The hub accepts connections without a correct opening handshake',
    decisive: ['handshake.upgrade-headers-required', 'handshake.version-refused'],
    together: ['handshake.key-required', 'handshake.get-only'],
    follows: /^handshake\./,
  },
];
