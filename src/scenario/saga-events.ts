// The events of one saga, generated lazily from its steps: a step repeated a hundred thousand times costs no memory.
import type { Random } from '../kit/random.ts';
import type { Envelope } from '../protocol/envelope.ts';
import type { ScenarioStep, Span } from './scenario.ts';
import { fill, fillAll, type Words } from './template.ts';

export interface ScheduledEvent {
  /** Milliseconds from the start of the timeline, never less than those of the previous event. */
  readonly atMillis: number;
  readonly envelope: Envelope;
}

/** Yields the events and returns when the last step is over. */
export function* runSaga(
  steps: readonly ScenarioStep[],
  words: Words,
  startMillis: number,
  random: Random,
): Generator<ScheduledEvent, number> {
  let atMillis = startMillis;
  for (const step of steps) {
    if (step.kind === 'pause') atMillis += draw(step.span, random);
    else if (step.kind === 'emit') yield { atMillis, envelope: emit(step, words) };
    else if (step.kind === 'play') yield { atMillis, envelope: renameSaga(step.envelope, words) };
    else if (step.kind === 'step') {
      const tookMillis = draw(step.takes, random);
      yield* runStep(step, words, atMillis, tookMillis);
      atMillis += tookMillis;
    } else {
      const of = String(step.times);
      for (let n = 1; n <= step.times; n++) {
        atMillis = yield* runSaga(step.steps, { ...words, n: String(n), of }, atMillis, random);
      }
    }
  }
  return atMillis;
}

function* runStep(
  step: Extract<ScenarioStep, { kind: 'step' }>,
  words: Words,
  startMillis: number,
  tookMillis: number,
): Generator<ScheduledEvent> {
  const { app: appId = '', saga: sagaId = '' } = words;
  const status = (value: string): Envelope => ({
    type: 'deploy.step',
    appId,
    payload: { step: step.name, sagaId, status: value },
  });
  yield { atMillis: startMillis, envelope: status('running') };
  const times = step.progress?.times ?? 0;
  for (let n = 1; n <= times; n++) {
    const message = fill(step.progress?.message ?? '', { ...words, n: String(n), of: String(times) });
    yield {
      atMillis: startMillis + (tookMillis * n) / (times + 1),
      envelope: { type: 'deploy.progress', appId, payload: { sagaId, message } },
    };
  }
  yield { atMillis: startMillis + tookMillis, envelope: status(step.ends) };
}

/** A repeated recorded saga is a different saga: from the second round on, its id ends with the number of the round. */
function renameSaga(envelope: Envelope, words: Words): Envelope {
  const round = words.saga?.split('-').at(-1) ?? '1';
  if (round === '1') return envelope;
  const payload = { ...envelope.payload };
  for (const key of ['sagaId', 'executionId']) {
    if (typeof payload[key] === 'string') payload[key] = `${payload[key]}-${round}`;
  }
  return { ...envelope, payload };
}

function emit(step: Extract<ScenarioStep, { kind: 'emit' }>, words: Words): Envelope {
  const payload = fillAll(step.payload, words) as Record<string, unknown>;
  if (step.padding !== '') payload.padding = step.padding;
  return { type: step.type, appId: words.app ?? '', payload };
}

/** A time drawn evenly from the span. */
export function draw({ leastMillis, mostMillis }: Span, random: Random): number {
  return leastMillis + random.next() * (mostMillis - leastMillis);
}
