// From the values of a program to what is done: numbers are cut to what a correct hub must bear, and to what takes a
// moment. Pure.

import type { ContentChoice } from '../../inputs/content.ts';
import type { HandshakeChoice } from '../../inputs/handshakes/client-handshake.ts';
import {
  AFTERWARDS_FACTOR,
  BEFORE_FACTOR,
  CLIENTS_FACTOR,
  fillsBuffers,
  JOINS_FACTOR,
  LEAVES_FACTOR,
  READS_FACTOR,
  STALL_FACTOR,
  STALLED_FACTOR,
} from '../factors/clients.ts';
import {
  APPS_FACTOR,
  BATCH_FACTOR,
  BYTES_FACTOR,
  CONTENT_FACTOR,
  EVENTS_FACTOR,
  FORM_FACTOR,
  PRODUCERS_FACTOR,
  SILENCE_FACTOR,
  SIZES_FACTOR,
  TYPES_FACTOR,
} from '../factors/events.ts';
import type { Factor } from '../factors/factor.ts';
import { SENDERS_FACTOR, SENDS_FACTOR, SENDS_WHEN_FACTOR, WRITES_FACTOR } from '../factors/messages.ts';
import { ADDRESS_FACTOR } from '../factors/request-headers.ts';
import { handshakeChoiceOf } from './handshake-choice.ts';
import { factorValue, type Program } from './program.ts';

/** What hub and machine allow. */
export interface Bounds {
  readonly clientBufferMessages: number;
  /** Events that may be unacknowledged at once. */
  readonly windowEvents: number;
  /** Bytes of the largest event that the hub takes. */
  readonly eventBytes: number;
  /** Clients can stall with a window so small that their buffer overflows soon. */
  readonly hasSmallWindow: boolean;
  /** The kit can start the hub again. */
  readonly canRestart: boolean;
  /** The hub listens on ::1, too. */
  readonly hasIpv6: boolean;
  /** A minute without events is much in a short run. */
  readonly silenceMillis: number;
  /** Clients that machine and hub have descriptors for. */
  readonly mostClients: number;
  /** Events that the broadcast route takes in the time of a program. */
  readonly mostEvents: number;
}

export interface Plan {
  readonly handshake: HandshakeChoice;
  readonly before: string;
  readonly clients: number;
  readonly joins: string;
  readonly leaves: string;
  readonly stays: boolean;
  readonly reads: string;
  readonly stall: string;
  readonly stalled: number;
  /** Bytes of the events that fill the buffer of a stalled client. */
  readonly stallBytes: number;
  readonly sends: string;
  readonly sendsWhen: string;
  readonly allSend: boolean;
  readonly writes: string;
  readonly events: number;
  /** Events that are published before all of them must have arrived. */
  readonly chunkEvents: number;
  readonly batch: number;
  readonly producers: number;
  readonly content: ContentChoice;
  readonly form: string;
  readonly silenceMillis: number;
}

const MOST_DELIVERIES = 40_000;
const FEW_CLIENTS = 2;
const MOST_DELIVERIES_TO_FEW = 120_000;
const MOST_DELIVERED_BYTES = 64 * 1024 * 1024;
const MOST_CHUNK_BYTES = 1024 * 1024;
/** So many events would take long in a request each: without a number in the program they are published so. */
const MANY_EVENTS = 150;
const BATCH_OF_MANY = 32;
/** An event without padding, roughly. */
const BARE_EVENT_BYTES = 220;
/** Of an event whose length is at an edge, unless the program names a larger one. */
const LARGEST_EDGE_BYTES = 66_000;
/** Longer than events are kept by hubs that let them expire after five seconds. */
export const HALF_FULL_MILLIS = 6_500;
const FILLING_EVENT_BYTES = 48 * 1024;
/** Each of them takes all events that fill the buffer of a stalled one. */
const MOST_CLIENTS_BESIDE_FULL = 12;
/** Left free in the buffer of a client that stalls below it: for fences and for hubs that count a little differently. */
export const SPARE_MESSAGES = 8;
/** With less there is nothing to stall below. */
const LEAST_BUFFER_MESSAGES = 16;

export function planProgram(program: Program, bounds: Bounds): Plan {
  const text = (factor: Factor): string => String(factorValue(program, factor));
  const number = (factor: Factor): number => Number(factorValue(program, factor));
  const stall = text(STALL_FACTOR);
  const reads = text(READS_FACTOR);
  const isFilling = fillsBuffers(stall);
  const isAtEdges = text(SIZES_FACTOR) === 'edges';
  const wantedBytes = isAtEdges ? Math.max(LARGEST_EDGE_BYTES, number(BYTES_FACTOR)) : number(BYTES_FACTOR);
  const paddingBytes = Math.max(0, Math.min(wantedBytes, bounds.eventBytes - BARE_EVENT_BYTES));
  const clients = isFilling
    ? Math.min(number(CLIENTS_FACTOR), MOST_CLIENTS_BESIDE_FULL)
    : number(CLIENTS_FACTOR);
  // The resident, the stalled and those who stayed have everything, too.
  const listeners = clients + 10;
  const bytes = paddingBytes + BARE_EVENT_BYTES;
  const mostDeliveries = clients <= FEW_CLIENTS ? MOST_DELIVERIES_TO_FEW : MOST_DELIVERIES;
  const mostEvents = Math.min(mostDeliveries / listeners, MOST_DELIVERED_BYTES / listeners / bytes);
  const isBelow = stall === 'below' || reads === 'late' || reads === 'behind one';
  const mostBelow = isBelow ? bounds.clientBufferMessages - SPARE_MESSAGES : Number.POSITIVE_INFINITY;
  const isMany = number(EVENTS_FACTOR) > MANY_EVENTS && number(BATCH_FACTOR) === BATCH_FACTOR.plain;
  const batch = Math.min(isMany ? BATCH_OF_MANY : number(BATCH_FACTOR), bounds.windowEvents);
  const producers = number(PRODUCERS_FACTOR);
  const wantedChunk = Math.max(8, batch * producers);
  return {
    handshake: handshakeChoiceOf(program),
    before: text(BEFORE_FACTOR),
    clients,
    joins: text(JOINS_FACTOR),
    leaves: text(LEAVES_FACTOR),
    stays: text(AFTERWARDS_FACTOR) === 'stay',
    reads,
    stall,
    stalled: isFilling ? Math.min(number(STALLED_FACTOR), MOST_CLIENTS_BESIDE_FULL) : number(STALLED_FACTOR),
    stallBytes: Math.min(FILLING_EVENT_BYTES, bounds.eventBytes),
    sends: text(SENDS_FACTOR),
    sendsWhen: text(SENDS_WHEN_FACTOR),
    allSend: text(SENDERS_FACTOR) === 'all',
    writes: text(WRITES_FACTOR),
    events: Math.max(
      1,
      Math.floor(Math.min(number(EVENTS_FACTOR), mostEvents, mostBelow, bounds.mostEvents)),
    ),
    chunkEvents: Math.max(
      1,
      Math.floor(Math.min(wantedChunk, bounds.windowEvents, MOST_CHUNK_BYTES / bytes)),
    ),
    batch,
    producers,
    content: {
      types: text(TYPES_FACTOR),
      apps: text(APPS_FACTOR),
      content: text(CONTENT_FACTOR),
      sizes: text(SIZES_FACTOR),
      paddingBytes,
      seed: program.seed,
    },
    form: text(FORM_FACTOR),
    silenceMillis: Math.min(number(SILENCE_FACTOR), bounds.silenceMillis),
  };
}

/** Whether it can be run here at all. */
export function isPossible(program: Program, bounds: Bounds): boolean {
  const stall = String(factorValue(program, STALL_FACTOR));
  const reads = String(factorValue(program, READS_FACTOR));
  if (factorValue(program, BEFORE_FACTOR) === 'restart' && !bounds.canRestart) return false;
  if (factorValue(program, ADDRESS_FACTOR) === 'ipv6' && !bounds.hasIpv6) return false;
  if (Number(factorValue(program, SILENCE_FACTOR)) > bounds.silenceMillis) return false;
  if (Number(factorValue(program, CLIENTS_FACTOR)) > bounds.mostClients) return false;
  if (stall === 'half full' && HALF_FULL_MILLIS > bounds.silenceMillis) return false;
  if (fillsBuffers(stall))
    return (
      bounds.hasSmallWindow &&
      bounds.eventBytes >= FILLING_EVENT_BYTES / 4 &&
      bounds.mostEvents >= 2 * bounds.clientBufferMessages
    );
  const isBelow = stall === 'below' || reads === 'late' || reads === 'behind one';
  return !isBelow || bounds.clientBufferMessages >= LEAST_BUFFER_MESSAGES;
}
