// Membership: a new client misses what is broadcast right after its 101 (B14, B41), since the hub registers it later.
import type { Defect } from '../../defect.ts';
import type { HookableHub } from '../../hub/hookable-hub.ts';
import type { HubClient } from '../../hub/hub-client.ts';
import type { HubChange } from '../../hub/hub-hooks.ts';

function registersAfter(delayMillis: number): HubChange<HookableHub> {
  return (hub) => ({
    admit(client, writeResponse) {
      writeResponse();
      hub.after(client, delayMillis, () => {
        if (client.phase === 'open') hub.clients.add(client);
      });
    },
  });
}

export const REGISTERED_LATE: readonly Defect[] = [
  {
    id: 'register-late',
    bugClass: 'B14',
    summary: 'events broadcast within 250 ms after 101 never reach the new client',
    severity: 'high',
    namedBy: { 'delivery.joined-soon': 'fail', 'measurement.register-race': 'warn' },
    change: registersAfter(250),
  },
  // Registrations are collected in a tick.
  {
    id: 'register-after-30-ms',
    bugClass: 'B14',
    summary: 'events broadcast within 30 ms after 101 never reach the new client',
    severity: 'high',
    namedBy: { 'delivery.joined-soon': 'fail', 'measurement.register-race': 'warn' },
    change: registersAfter(30),
  },
  {
    id: 'register-by-turns',
    bugClass: 'B14',
    summary: 'three of four clients take part 30 ms after their 101, every fourth at once',
    severity: 'high',
    namedBy: { 'delivery.joined-soon': 'fail', 'measurement.register-race': 'warn' },
    change(hub, correct) {
      const late = registersAfter(30)(hub, correct);
      return {
        admit(client, writeResponse, request) {
          if (client.id % 4 === 3) correct.admit(client, writeResponse, request);
          else late.admit?.(client, writeResponse, request);
        },
      };
    },
  },
  // Registration goes through a channel after 101.
  {
    id: 'register-race',
    bugClass: 'B14',
    summary: 'one new client in twenty misses what is broadcast in the first 5 ms after 101',
    severity: 'advisory',
    namedBy: { 'measurement.register-race': 'warn' },
    change: (hub, correct) => ({
      admit(client, writeResponse, request) {
        if (hub.options.random() >= 0.05) {
          correct.admit(client, writeResponse, request);
          return;
        }
        writeResponse();
        hub.after(client, 5, () => hub.clients.add(client));
      },
    }),
  },
  // The run loop prefers broadcasts to registrations.
  {
    id: 'register-starved',
    bugClass: 'B41',
    summary: 'while events flow, new clients get nothing',
    severity: 'medium',
    namedBy: { 'delivery.newcomers-while-busy': 'fail' },
    change(hub, correct) {
      let lastFanOutMicros = Number.NEGATIVE_INFINITY;
      const registerWhenIdle = (client: HubClient): void => {
        if (hub.options.clock.nowMicros() - lastFanOutMicros > 300_000) hub.clients.add(client);
        else hub.after(client, 20, () => registerWhenIdle(client));
      };
      return {
        fanOut(message) {
          lastFanOutMicros = hub.options.clock.nowMicros();
          return correct.fanOut(message);
        },
        admit(client, writeResponse) {
          writeResponse();
          registerWhenIdle(client);
        },
      };
    },
  },
];
