// A scenario unrolled in time: an endless, lazy, ordered stream of events. Same scenario, seed and speed, same stream.
import type { Envelope } from '../protocol/envelope.ts';
import type { SagaPlan, Scenario, ScenarioStep, Span } from './scenario.ts';
import { createRandom, type Random } from './seeded-random.ts';

export interface ScheduledEvent {
  /** Milliseconds from the start of the timeline, never less than those of the event before. */
  readonly atMillis: number;
  readonly envelope: Envelope;
}

export interface TimelineOptions {
  readonly seed: number;
  /** 10 replays ten times as fast. Default 1. */
  readonly speed?: number;
}

/** Events of one saga, or of one plan's sagas, waiting at their next event. */
interface Stream {
  readonly events: Iterator<ScheduledEvent>;
  head: ScheduledEvent;
}

/** The endless stream of all sagas of all scenarios, side by side. */
export function* runTimeline(
  scenarios: readonly Scenario[],
  options: TimelineOptions,
): Generator<ScheduledEvent, never> {
  const speed = options.speed ?? 1;
  const streams: Stream[] = [];
  const starts = scenarios
    .flatMap((scenario) => scenario.sagas)
    .map((plan, index) => startsOf(plan, index, options.seed));
  const nextStarts = starts.map((start) => start.next().value);
  for (;;) {
    const earliest = streams.reduce<Stream | undefined>(
      (best, stream) => (best && best.head.atMillis <= stream.head.atMillis ? best : stream),
      undefined,
    );
    let index = 0;
    for (let i = 1; i < nextStarts.length; i++)
      if ((nextStarts[i]?.atMillis ?? 0) < (nextStarts[index]?.atMillis ?? 0)) index = i;
    const start = nextStarts[index];
    if (start && (!earliest || start.atMillis <= earliest.head.atMillis)) {
      push(streams, start.events);
      nextStarts[index] = (starts[index] as Generator<SagaStart, never>).next().value;
    } else if (earliest) {
      yield { atMillis: earliest.head.atMillis / speed, envelope: earliest.head.envelope };
      const next = earliest.events.next();
      if (next.done) streams.splice(streams.indexOf(earliest), 1);
      else earliest.head = next.value;
    }
  }
}

function push(streams: Stream[], events: Iterator<ScheduledEvent>): void {
  const first = events.next();
  if (!first.done) streams.push({ events, head: first.value });
}

interface SagaStart {
  readonly atMillis: number;
  readonly events: Iterator<ScheduledEvent>;
}

function* startsOf(plan: SagaPlan, index: number, seed: number): Generator<SagaStart, never> {
  const name = `${index}/${plan.name}`;
  const random = createRandom(seed, name);
  let atMillis = draw(plan.first, random);
  for (let number = 1; ; number++) {
    const app = plan.apps[Math.floor(random.next() * plan.apps.length)] ?? 'app';
    const saga = `${plan.name}-${seed.toString(36)}-${index}-${number}`;
    yield {
      atMillis,
      events: runSaga(plan.steps, { app, saga }, atMillis, createRandom(seed, `${name}#${number}`)),
    };
    // A span that draws 0 must not start sagas for ever at one moment.
    atMillis += Math.max(1, draw(plan.every, random));
  }
}

type Words = Readonly<Record<string, string>>;

function* runSaga(
  steps: readonly ScenarioStep[],
  words: Words,
  startMillis: number,
  random: Random,
): Generator<ScheduledEvent> {
  let atMillis = startMillis;
  for (const step of steps) {
    if (step.kind === 'pause') atMillis += draw(step.span, random);
    else if (step.kind === 'emit') yield { atMillis, envelope: emit(step, words) };
    else if (step.kind === 'step') {
      const tookMillis = draw(step.takes, random);
      yield* runStep(step, words, atMillis, tookMillis);
      atMillis += tookMillis;
    } else {
      for (let n = 1; n <= step.times; n++) {
        const inner = runSaga(
          step.steps,
          { ...words, n: String(n), of: String(step.times) },
          atMillis,
          random,
        );
        for (const event of inner) {
          atMillis = event.atMillis;
          yield event;
        }
        atMillis += trailingPause(step.steps, random);
      }
    }
  }
}

/** A pause at the end of repeated steps has no event to carry it. */
function trailingPause(steps: readonly ScenarioStep[], random: Random): number {
  const last = steps.at(-1);
  return last?.kind === 'pause' ? draw(last.span, random) : 0;
}

function* runStep(
  step: Extract<ScenarioStep, { kind: 'step' }>,
  { app = '', saga = '' }: Words,
  startMillis: number,
  tookMillis: number,
): Generator<ScheduledEvent> {
  const status = (value: string): Envelope => ({
    type: 'deploy.step',
    appId: app,
    payload: { step: step.name, sagaId: saga, status: value },
  });
  yield { atMillis: startMillis, envelope: status('running') };
  const times = step.progress?.times ?? 0;
  for (let n = 1; n <= times; n++) {
    const message = fill(step.progress?.message ?? '', { app, saga, n: String(n), of: String(times) });
    yield {
      atMillis: startMillis + (tookMillis * n) / (times + 1),
      envelope: { type: 'deploy.progress', appId: app, payload: { sagaId: saga, message } },
    };
  }
  yield { atMillis: startMillis + tookMillis, envelope: status(step.ends) };
}

function emit(step: Extract<ScenarioStep, { kind: 'emit' }>, words: Words): Envelope {
  const payload = fillAll(step.payload, words) as Record<string, unknown>;
  if (step.padBytes > 0) payload.padding = 'x'.repeat(step.padBytes);
  return { type: step.type, appId: words.app ?? '', payload };
}

function fillAll(value: unknown, words: Words): unknown {
  if (typeof value === 'string') return fill(value, words);
  if (Array.isArray(value)) return value.map((item) => fillAll(item, words));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillAll(inner, words)]));
}

/** `{app}`, `{saga}`, `{n}`, `{of}`; any other braces stay as they are. */
function fill(text: string, words: Words): string {
  return text.replace(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole);
}

function draw({ leastMillis, mostMillis }: Span, random: Random): number {
  return leastMillis + random.next() * (mostMillis - leastMillis);
}
