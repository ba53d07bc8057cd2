// The flags of a load plan.

import { READ_BACKENDS } from '../../../kit/read-backends.ts';
import { PLAN_DEFAULTS } from '../../../load/plan/plan-defaults.ts';
import { type Parsed, parsed, unparsed } from '../../../units/parsed.ts';
import { parseFactor, parsePerSecond } from '../../../units/rate.ts';
import { parseRateStages } from '../../../units/stages.ts';
import type { OptionValues } from '../../options/command-line.ts';
import { choice, duration, flag, integer, parseInteger, single, texts } from '../../options/option.ts';

const group = 'Load:';
const positiveRate = (text: string): Parsed<number> => {
  const rate = parsePerSecond(text);
  return rate.ok && rate.value <= 0 ? unparsed(`expected a rate above 0, got "${text}"`) : rate;
};
const rateOrStages = (text: string): Parsed<number | string> => {
  if (!text.includes(':')) return positiveRate(text);
  const stages = parseRateStages(text);
  return stages.ok ? parsed(text) : stages;
};
const workers = (text: string): Parsed<number | 'auto'> =>
  text === 'auto' ? { ok: true, value: 'auto' } : parseInteger(text, 1, 256);

/** Options of a run; a plan file has the same names. */
export const PLAN_OPTIONS = {
  clients: { ...integer('Fast clients: short for --cohort fast=N', 'N', 1, 1_000_000), group },
  stages: {
    ...texts(
      "How the number of clients changes over the measured time: '30s:1000, 10s:0' for the fast clients, from --clients or else 1 on; 'NAME=...' for a cohort; repeatable",
      'STAGES',
    ),
    group,
  },
  cohort: {
    ...texts(
      'Clients and how they read, NAME=COUNT[:BEHAVIOR]; repeatable; behaviors: fast, stall(after=N), trickle(1KiB/s), flap(read=2s,pause=5s), lag(50ms), vanish(after=N), never-pong, half-open, slow-handshake(10s), churn(every=1s); in sequence: "fast(for=2s) then stall(for=3s) then fast", "fast(until=10) then half-open"',
      'COHORT',
    ),
    group,
  },
  scenario: { ...texts(`Shipped name or file; repeatable [${PLAN_DEFAULTS.scenario}]`, 'FILE'), group },
  speed: { ...single(`Replay speed of scenarios [${PLAN_DEFAULTS.speed}x]`, 'FACTOR', parseFactor), group },
  rate: {
    ...single(
      "Events per second, instead of the scenarios' own times; or stages of the rate, from 0 on: '30s:50, 1m:200'",
      'EVENTS/s',
      rateOrStages,
    ),
    group,
  },
  duration: { ...duration('Measured time [the stages, or 30s]', 1_000), group },
  warmup: { ...duration('Warm-up before it, not measured [5s]'), group },
  ramp: {
    ...single(`Connections per second [${PLAN_DEFAULTS.rampPerSecond}]`, 'CONNS/s', positiveRate),
    group,
  },
  threshold: {
    ...texts("Limit that fails the run, such as 'latency{cohort=fast}.p99<50ms'; repeatable", 'EXPR'),
    group,
  },
  workers: { ...single('Client processes, or auto: by cores and descriptors [auto]', 'N', workers), group },
  'http-load': {
    ...integer('Connections that load the HTTP side during the run [0]', 'CONNECTIONS', 0, 10_000),
    group,
  },
  'read-backend': {
    ...choice(
      "How fast clients are read: ring (io_uring), net (Node's sockets), or auto: a ring where there is one [auto]",
      'NAME',
      READ_BACKENDS,
    ),
    group,
  },
  'local-address': {
    ...texts(
      'Where clients connect from: 10.0.0.5, 10.0.0.5-10.0.0.20 or 10.0.0.0/24, of this machine; repeatable [on loopback as many as needed]',
      'ADDRESS',
    ),
    group,
  },
  compression: { ...flag('Clients offer permessage-deflate, as browsers do'), group },
  'client-buffer': {
    ...integer('Messages the hub buffers for each client [found by pressure]', 'N', 1, 65_536),
    group: 'Hub under test:',
  },
  seed: { ...integer('Random seed [1]', 'N', 0, 2 ** 31 - 1), group },
} as const;

export type PlanValues = OptionValues<typeof PLAN_OPTIONS>;
