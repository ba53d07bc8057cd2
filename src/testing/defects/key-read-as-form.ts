// Handshake, subtle: the key is decoded as a form field would be, which turns + into a blank.
import type { Defect } from '../defect.ts';

export const keyReadAsForm: Defect = {
  id: 'key-read-as-form',
  bugClass: 'RFC',
  summary: 'handshakes whose key has a + are answered with another accept value',
  severity: 'high',
  namedBy: { 'handshake.accept-key': 'fail' },
  change: (_hub, correct) => ({ acceptKey: (key) => correct.acceptKey(key.replaceAll('+', ' ')) }),
};
