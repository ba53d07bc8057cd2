// What a hub's broadcast route did wrong: it made producers wait behind slow clients, did not answer, or refused events.
import type { PublishingResult } from '../parts/publishing.ts';
import type { Finding } from '../result.ts';

/** A producer that waits longer while slow clients are connected is blocked by them. */
const MAX_WAIT_MICROS = 2_000_000;

export function judgePublishing({ longest, refusals }: PublishingResult): Finding[] {
  const findings: Finding[] = [];
  if (longest !== null && longest.slowClients > 0 && longest.latencyMicros > MAX_WAIT_MICROS)
    findings.push(describeBlockedProducer(longest.sequence, longest.latencyMicros, longest.slowClients));
  const refused = refusals.reduce((sum, { events }) => sum + events, 0);
  if (refused > 0)
    findings.push({
      name: 'publish',
      severity: 'warning',
      message: `the hub refused ${refused} events, which no client is owed: ${refusals.map(({ status, events, reason }) => `${events} x ${status ?? 'refused'} (${reason})`).join('; ')}`,
    });
  return findings;
}

export function describeBlockedProducer(sequence: number, micros: number, slowClients: number): Finding {
  const seconds = (micros / 1e6).toFixed(1);
  return {
    name: 'blocked',
    severity: 'error',
    message: `the broadcast of event ${sequence} waited ${seconds} s while ${slowClients} slow clients were connected: a slow client blocks the producer, and with it everybody`,
  };
}

/** Without a slow client nobody can be blamed but the route. */
export function describeUnanswered(sequence: number, micros: number): Finding {
  const seconds = (micros / 1e6).toFixed(1);
  return {
    name: 'publish',
    severity: 'error',
    message: `the broadcast of event ${sequence} was not answered within ${seconds} s, and no slow client was connected: the broadcast route is slow or stopped`,
  };
}
