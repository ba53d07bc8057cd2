// How one client reads: the behaviours, as data. What people write for them is in behaviour-language.ts, what a client
// does with them in behaviour-run.ts.

/** One way of reading. */
export type Reading =
  /** Reads everything at once. */
  | { readonly kind: 'fast' }
  /** Stops reading at the socket once it has this many messages more than at the start of the step. */
  | { readonly kind: 'stall'; readonly afterMessages: number }
  /** Reads at the socket no faster than this. */
  | { readonly kind: 'trickle'; readonly bytesPerSecond: number }
  /** Reads for a while, then does not read for a while, again and again. */
  | { readonly kind: 'flap'; readonly readMillis: number; readonly pauseMillis: number }
  /** Reads once, then waits this long before it reads again. */
  | { readonly kind: 'lag'; readonly waitMillis: number }
  /** Resets the connection once it has this many messages more than at the start of the step. */
  | { readonly kind: 'vanish'; readonly afterMessages: number }
  /** Reads everything and never answers a ping. */
  | { readonly kind: 'never-pong' }
  /**
   * Neither reads nor writes anything: a peer that died without a word. Its kernel still answers TCP, which cannot be
   * prevented on loopback.
   */
  | { readonly kind: 'half-open' }
  /** Sends its opening handshake byte by byte over this time; then reads everything, or goes on to the next step. */
  | { readonly kind: 'slow-handshake'; readonly overMillis: number }
  /** Reads everything, resets its connection after this long, and joins again at once. */
  | { readonly kind: 'churn'; readonly everyMillis: number };

/** A reading and what ends it: a time, a number of messages, or nothing (it lasts to the end). */
export interface Step {
  readonly reading: Reading;
  readonly forMillis?: number;
  readonly untilMessages?: number;
}

/** One reading for the whole life of a client, or several in sequence, the last of which has no end. */
export type Behaviour = Reading | { readonly kind: 'sequence'; readonly steps: readonly Step[] };

export function stepsOf(behaviour: Behaviour): readonly Step[] {
  if (behaviour.kind === 'sequence') return behaviour.steps;
  const known = singleSteps.get(behaviour);
  if (known) return known;
  const steps = [{ reading: behaviour }];
  singleSteps.set(behaviour, steps);
  return steps;
}

/** Shared by all clients of a cohort. */
const singleSteps = new WeakMap<Reading, readonly Step[]>();

/** The words that parse to this behaviour. */
export function renderBehaviour(behaviour: Behaviour): string {
  return stepsOf(behaviour).map(renderStep).join(' then ');
}

function renderStep({ reading, forMillis, untilMessages }: Step): string {
  const { kind, ...values } = reading;
  const list = Object.entries(values).map(([key, value]) => renderValue(key, value as number));
  if (forMillis !== undefined) list.push(`for=${forMillis}ms`);
  if (untilMessages !== undefined) list.push(`until=${untilMessages}`);
  return list.length === 0 ? kind : `${kind}(${list.join(',')})`;
}

function renderValue(key: string, value: number): string {
  if (key === 'afterMessages') return `after=${value}`;
  if (key === 'bytesPerSecond') return `rate=${value}B/s`;
  return `${key.replace('Millis', '')}=${value}ms`;
}

/** Readings that take whatever comes, at once or a moment later. */
const KEEPS_UP: readonly Reading['kind'][] = ['fast', 'lag'];
/** Readings that need a small receive window, for the hub to notice them. */
const SLOW: readonly Reading['kind'][] = ['stall', 'half-open', 'trickle', 'flap'];
/** Readings that take everything as soon as it comes, whatever else they do not do. */
const AT_ONCE: readonly Reading['kind'][] = ['fast', 'never-pong', 'slow-handshake'];
const STOPS: readonly Reading['kind'][] = ['stall', 'half-open'];

/** Whether it keeps up with any hub from its first event to its last, so that a correct hub must keep it. */
export function mustBeKept(behaviour: Behaviour): boolean {
  return stepsOf(behaviour).every(({ reading }) => KEEPS_UP.includes(reading.kind));
}

/** Whether it stops reading without end, so that a correct hub must evict it. */
export function mustBeEvicted(behaviour: Behaviour): boolean {
  const last = stepsOf(behaviour).at(-1);
  return last !== undefined && STOPS.includes(last.reading.kind);
}

/** Whether it needs a small receive window, for the hub to notice how it reads. */
export function isSlow(behaviour: Behaviour): boolean {
  return stepsOf(behaviour).some(({ reading }) => SLOW.includes(reading.kind));
}

/** Whether it reads everything at once, whatever else it does not do. */
export function readsAtOnce(behaviour: Behaviour): boolean {
  return behaviour.kind !== 'sequence' && AT_ONCE.includes(behaviour.kind);
}

/** Whether it reads everything at once, except in stalls. */
export function readsAtOnceOrStalls(behaviour: Behaviour): boolean {
  return stepsOf(behaviour).every(
    ({ reading }) => AT_ONCE.includes(reading.kind) || STOPS.includes(reading.kind),
  );
}

/** Whether it does not read from the start. */
export function startsDeaf(behaviour: Behaviour): boolean {
  const first = stepsOf(behaviour)[0]?.reading;
  return first?.kind === 'half-open' || (first?.kind === 'stall' && first.afterMessages === 0);
}

/** Leaves and joins again. */
export function mayReturn(behaviour: Behaviour): boolean {
  return stepsOf(behaviour).some(({ reading }) => reading.kind === 'churn');
}
