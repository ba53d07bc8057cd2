// What a program showed, as data: the oracle judges this and nothing else.
import type { Delivery, Fault } from '../../../session/recorded.ts';
import type { CoreWaits, Wait } from '../../run/starvation/core-waits.ts';
import type { RunnerLateness } from '../../run/starvation/starved.ts';

export interface PublishedEvent {
  readonly sequence: number;
  /** Events of one producer keep their order. */
  readonly producer: number;
  readonly sentAtMicros: number;
  /** When the hub had answered; a slow route makes no late delivery. */
  acceptedAtMicros?: number;
  /** False: the hub refused it, or did not answer; it may or may not arrive. */
  isAccepted: boolean;
}

export interface MemberRecord {
  /** Such as `client 3` or `the client that listens all the time`. */
  readonly name: string;
  /** What the protocol wants of its handshake; either: correct hubs differ. */
  readonly wanted: 'accept' | 'refuse' | 'either';
  /** Its handshake was not accepted. */
  readonly refusal?: {
    readonly kind: 'unreachable' | 'refused' | 'dropped' | 'timeout';
    readonly problem: string;
    readonly status: number | undefined;
  };
  /** From this event on it must receive all; undefined: it never received a nonce of the join barrier. */
  readonly owedFrom: number | undefined;
  /** Up to this event, exclusive, where it left. */
  readonly owedUntil: number | undefined;
  /** Those of this program. */
  readonly deliveries: readonly Delivery[];
  /** What differs, for deliveries whose content changed and could be compared. */
  readonly changes: readonly string[];
  readonly faults: readonly Fault[];
  readonly hasDataAfterClose: boolean;
  /**
   * kept: it must stay connected; evicted: its buffer overflowed for certain; either: it may have; left: it ended the
   * connection itself.
   */
  readonly fate: 'kept' | 'evicted' | 'either' | 'left';
  readonly end: MemberEnd | undefined;
  /** It sent data, which a hub may refuse by policy with Close 1003 or 1008. */
  readonly hasSentData: boolean;
  /** It sent a message that is larger than what the hub takes of anybody. */
  readonly isAboveLimit: boolean;
  /** The last Ping that it sent, and whether its Pong came. */
  readonly ping: { readonly bytes: number; readonly isAnswered: boolean } | undefined;
  /** It left with a closing handshake; whether the hub answered. */
  readonly closing: { readonly isAnswered: boolean } | undefined;
  /** At the end it reads. */
  readonly isReading: boolean;
  /** Milliseconds that it did not read, in all. */
  readonly stalledMillis: number;
  /** Events that everybody else had before it connected. */
  readonly replayed: number;
}

interface MemberEnd {
  readonly kind: 'fin' | 'reset' | 'local' | 'error';
  readonly closeCode: number | undefined;
  readonly isTorn: boolean;
}

export interface HubRecord {
  /** A broadcast that the hub did not take. */
  readonly publishProblem:
    | { readonly kind: string; readonly problem: string; readonly status?: number }
    | undefined;
  /** Why a new client does not get a new event at the end. */
  readonly deadProblem: string | undefined;
  /** Clients that the hub counts at the end beyond those that are connected. */
  readonly extraClients: number | undefined;
  /** Connected clients that it does not count, though it counted all of them before. */
  readonly uncountedClients?: number | undefined;
  /** A message of so many bytes ends a client, but not in this form. */
  readonly unevenLimit?: { readonly bytes: number; readonly form: string } | undefined;
  /** Memory of the hub beyond what it had when it was started and what programs may take, in MiB. */
  readonly extraMebibytes: number | undefined;
  /** Descriptors that the hub holds beyond those of the connected clients, compared with before. */
  readonly extraDescriptors: number | undefined;
}

export interface ProgramRecording {
  readonly published: readonly PublishedEvent[];
  readonly members: readonly MemberRecord[];
  readonly hub: HubRecord;
  readonly runner: RunnerLateness;
  /** How long hub and runner waited for a core; empty where that is not known. */
  readonly coreWaits: readonly CoreWaits[];
  /** From its beginning to its end. */
  readonly program: Wait;
  /** Waits for the hub whose time was over. */
  readonly inVain: readonly Wait[];
  readonly isInterrupted: boolean;
  readonly durationMillis: number;
}
