// The checks of the chapter handshake: how clients get in, and what does not let them in.
import type { Check } from '../check.ts';
import { acceptKey, noCredentials, requestInPieces, tokensInAnyCase } from './handshake/accept.ts';
import { requestForms } from './handshake/forms.ts';
import { generatedHandshakes } from './handshake/generated/generated.ts';
import { heldUpByNobody } from './handshake/held-up.ts';
import { refusalLeavesNothing } from './handshake/leftovers.ts';
import { noUnrequestedExtension, noUnrequestedSubprotocol } from './handshake/offers.ts';
import { getOnly, keyRequired, upgradeHeaders, versionRefused, wrongPath } from './handshake/refuse.ts';

export const handshakeChecks: readonly Check[] = [
  acceptKey,
  tokensInAnyCase,
  noCredentials,
  requestInPieces,
  getOnly,
  upgradeHeaders,
  versionRefused,
  keyRequired,
  wrongPath,
  noUnrequestedSubprotocol,
  noUnrequestedExtension,
  refusalLeavesNothing,
  heldUpByNobody,
  requestForms,
  generatedHandshakes,
];
