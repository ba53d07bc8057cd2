// B39 (a healthy client is lost): what is read has a time limit, as if clients had something to say.
import type { Timer } from '../../time/clock.ts';
import type { Defect } from '../defect.ts';
import type { HubClient } from '../hub/hub-client.ts';

const LIMIT_MILLIS = 8_000;

export const silenceCut: Defect = {
  id: 'silence-cut',
  bugClass: 'B39',
  summary: 'a client that sent nothing for eight seconds is disconnected, whatever it gets meanwhile',
  severity: 'high',
  namedBy: { 'lifecycle.silent-client-is-kept': 'fail' },
  change(hub, correct) {
    const limits = new WeakMap<HubClient, Timer>();
    const renew = (client: HubClient): void => {
      limits.get(client)?.cancel();
      limits.set(
        client,
        hub.after(client, LIMIT_MILLIS, () => hub.drop(client)),
      );
    };
    return {
      admit(client, writeResponse, request) {
        renew(client);
        correct.admit(client, writeResponse, request);
      },
      onMessage(client, opcode, payload) {
        renew(client);
        return correct.onMessage(client, opcode, payload);
      },
      onPing(client, payload, isInsideMessage) {
        renew(client);
        return correct.onPing(client, payload, isInsideMessage);
      },
    };
  },
};
