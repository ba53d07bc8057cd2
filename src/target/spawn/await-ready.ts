// Waits until a spawned hub takes connections: its ready line, or, where the user gave the URL, the port of that URL.
// Every way to fail is one sentence with the hub's own last words.

import { systemClock } from '../../time/clock.ts';
import { DeadlineError, pause, withDeadline } from '../../time/deadline.ts';
import { acceptsConnections } from '../../wire/address/accepts-connections.ts';
import { lookupOfHost } from '../../wire/address/resolve-host.ts';
import { addressOf, connectOptionsOf } from '../../wire/hub-address.ts';
import { findRefused, type RemoteRule } from '../refuse-non-loopback.ts';
import type { HubProcess } from './hub-process.ts';
import { type ReadyLine, readReadyLine } from './ready-line.ts';

export type Readiness =
  | { readonly ok: true; readonly url: string; readonly line: ReadyLine }
  | { readonly ok: false; readonly problem: string };

const EXAMPLE = '{"ready":true,"url":"ws://127.0.0.1:8800/ws"}';
const PORT_POLL_MILLIS = 50;

/** `givenUrl`: where clients connect, as the user said; then the ready line is not needed. */
export async function awaitReady(
  hub: HubProcess,
  name: string,
  deadlineMillis: number,
  givenUrl?: string,
  rule: RemoteRule = {},
): Promise<Readiness> {
  const stop = new AbortController();
  const readings: Promise<Readiness | string>[] = [
    firstReadyLine(hub, givenUrl, rule),
    hub.ended.then(({ how }) => (hub.pid === undefined ? how : `${how} before it was ready`)),
  ];
  if (givenUrl !== undefined) readings.push(openPort(givenUrl, stop.signal));
  const what =
    givenUrl === undefined ? `ready line such as ${EXAMPLE}` : `ready line or open port of ${givenUrl}`;
  try {
    const reading = await withDeadline(systemClock, Promise.race(readings), deadlineMillis, what);
    return typeof reading === 'string' ? failed(hub, name, reading) : reading;
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    return failed(hub, name, `printed ${error.message}`);
  } finally {
    stop.abort();
    hub.listen(() => false);
  }
}

function failed(hub: HubProcess, name: string, reason: string): Readiness {
  return { ok: false, problem: `the hub '${name}' ${reason}${hub.lastWords()}` };
}

function firstReadyLine(
  hub: HubProcess,
  givenUrl: string | undefined,
  rule: RemoteRule,
): Promise<Readiness | string> {
  return new Promise((resolve) => {
    hub.listen((text) => {
      const reading = readReadyLine(text);
      if (reading.kind === 'log') return false;
      if (reading.kind === 'bad') resolve(`cannot be used: ${reading.problem}`);
      else resolve(readyAt(givenUrl ?? reading.line.url, reading.line, rule));
      return true;
    });
  });
}

function readyAt(url: string | undefined, line: ReadyLine, rule: RemoteRule): Readiness | string {
  if (url === undefined) return `cannot be used: its ready line has no url; print a line such as ${EXAMPLE}`;
  const refused = findRefused([url, line.broadcastUrl], rule);
  if (refused !== undefined) return `cannot be used: its ready line names another machine: ${refused}`;
  return { ok: true, url, line };
}

async function openPort(url: string, signal: AbortSignal): Promise<Readiness> {
  await portOpens(url, signal);
  return { ok: true, url, line: {} };
}

/** Whether something accepts connections there before `signal` aborts. */
export async function portOpens(url: string, signal: AbortSignal): Promise<boolean> {
  let isOpen = await canConnect(url);
  while (!isOpen && !signal.aborted) {
    await pause(systemClock, PORT_POLL_MILLIS, signal);
    isOpen = await canConnect(url);
  }
  return isOpen;
}

/** Whether something accepts connections at the host and port, or the Unix socket, of `url`. */
export function canConnect(url: string): Promise<boolean> {
  return acceptsConnections({ ...connectOptionsOf(addressOf(url)), lookup: lookupOfHost });
}
