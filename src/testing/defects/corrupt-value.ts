// B20 (corruption, still JSON): one letter inside a value changes, so that every message parses and passes a schema.
// Only a comparison with what was published shows it.
import type { Defect } from '../defect.ts';
import { encodeFrame, OPCODE } from '../hub/frames.ts';

export const corruptValue: Defect = {
  id: 'corrupt-value',
  bugClass: 'B20',
  summary: 'one letter of a value in every twentieth delivery is another; the JSON stays valid',
  severity: 'high',
  namedBy: { 'delivery.every-client-once-in-order': 'fail' },
  change(_hub, correct) {
    let deliveries = 0;
    return {
      deliver(client, message) {
        deliveries += 1;
        if (deliveries % 20 !== 0) return correct.deliver(client, message);
        const frame = encodeFrame(OPCODE.text, Buffer.from(changeOneLetter(message.text)));
        return correct.deliver(client, { ...message, frame });
      },
    };
  },
};

// The last letter of the app's id, or of the type where the id has none.
function changeOneLetter(text: string): string {
  const value =
    /"appId"\s*:\s*"[^"\\]*[A-Za-z](?=[^A-Za-z"\\]*")/.exec(text) ??
    /"type"\s*:\s*"[^"\\]*[A-Za-z]/.exec(text);
  if (value === null) return text;
  const at = value.index + value[0].length - 1;
  return `${text.slice(0, at)}${text.charAt(at) === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`;
}
