// Whether what an agent that publishes gets from its coordinator, and what it says, are our messages: others may publish on these subjects, too.
import type { FromProducer, ToProducer } from '../../load/coordinator/rota/producer-messages.ts';
import { isCount, isRecord, isText } from './readable.ts';

const FAILURES = ['refused', 'unreachable', 'timeout', 'unsupported'];

/** Throws for everything else: the other end is not ours, and nothing that it says counts. */
export function readFromProducer(value: unknown): FromProducer {
  if (isRecord(value) && isCount(value.block) && isFromProducer(value))
    return value as unknown as FromProducer;
  throw new Error('no agent that publishes says this');
}

/** The same of what the coordinator says to it. */
export function readToProducer(value: unknown): ToProducer {
  if (isRecord(value) && isToProducer(value)) return value as unknown as ToProducer;
  throw new Error('no coordinator says this to an agent that publishes');
}

type Fields = Readonly<Record<string, unknown>>;

function isFromProducer(fields: Fields): boolean {
  const { kind, offsetMicros, errorMicros, problem, unsent } = fields;
  switch (kind) {
    case 'accepted':
      return Number.isFinite(offsetMicros) && isNotNegative(errorMicros);
    case 'declined':
      return isText(problem);
    case 'sent':
      return isSent(fields);
    default:
      return kind === 'done' && isCount(unsent);
  }
}

function isSent({ first, events, sentMicros, answeredMicros, outcome }: Fields): boolean {
  return (
    isCount(first) &&
    isCount(events, 1) &&
    isNotNegative(sentMicros) &&
    isNotNegative(answeredMicros) &&
    answeredMicros >= sentMicros &&
    isOutcome(outcome)
  );
}

function isOutcome(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { ok, accepted, kind, problem, refused, status } = value;
  if (ok === true) return isCount(accepted);
  const counts = [accepted, refused, status];
  return (
    ok === false &&
    FAILURES.includes(kind as string) &&
    isText(problem) &&
    counts.every((one) => one === undefined || isCount(one))
  );
}

function isToProducer({ kind, options, block, requestEvents, ...fields }: Fields): boolean {
  switch (kind) {
    case 'open':
      return isRecord(options) && isText(options.broadcastUrl) && Array.isArray(options.headers);
    case 'offer':
      return isCount(block) && isOffer(fields);
    case 'go':
      return isCount(block) && isCount(requestEvents, 1);
    default:
      return kind === 'end' && isCount(block);
  }
}

function isOffer({ fromMicros, untilMicros, texts, dues }: Fields): boolean {
  return (
    [fromMicros, untilMicros].every(Number.isFinite) &&
    Array.isArray(texts) &&
    Array.isArray(dues) &&
    texts.length === dues.length &&
    texts.every(isText) &&
    dues.every(Number.isFinite)
  );
}

function isNotNegative(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}
