// The user's settings for the hub and for the run; the same for every check.
import { type OptionRules, TEXTS, wholeNumber } from '../../kit/option-rules.ts';
import { CLIENT_BUFFER_MESSAGES } from '../../protocol/limits.ts';

export interface Settings {
  /** The per-client buffer the hub declares (`--client-buffer`). */
  readonly clientBufferMessages: number;
  /** By when an evicted client must really be disconnected (`--kick-deadline`). */
  readonly kickDeadlineMillis: number;
  /** Origins the hub allows besides the protocol's defaults (`--allowed-origin`). */
  readonly allowedOrigins: readonly string[];
  /** How often the hub pings a client, as declared (`--ping-interval`); undefined: not declared. */
  readonly pingIntervalMillis: number | undefined;
  /** The deadline of a single wait for the hub. */
  readonly waitMillis: number;
  /** How long the whole run may take (`--time`). */
  readonly timeLimitMillis: number;
  /** Everything random in a run follows from it. */
  readonly seed: number;
  /** How long `model.explored` searches (`--explore-time`). */
  readonly exploreMillis: number;
  /** The command that replays a file, written beside the reports, on this hub. */
  readonly replayCommand: (fileName: string, program?: ReplayProgram) => string;
}

/** What replays a file of a finding. */
export type ReplayProgram = 'norn-loadtest replay' | 'norn-conformance explore --program';

export const DEFAULT_SETTINGS: Settings = {
  clientBufferMessages: CLIENT_BUFFER_MESSAGES,
  kickDeadlineMillis: 10_000,
  allowedOrigins: [],
  pingIntervalMillis: undefined,
  waitMillis: 10_000,
  timeLimitMillis: 110_000,
  seed: 1,
  exploreMillis: 8_000,
  replayCommand: (fileName, program = 'norn-loadtest replay') => `${program} ${fileName}`,
};

/** The settings that a user may give. */
export type GivenSettings = {
  readonly [Name in
    | 'clientBufferMessages'
    | 'kickDeadlineMillis'
    | 'allowedOrigins'
    | 'pingIntervalMillis'
    | 'timeLimitMillis'
    | 'seed'
    | 'exploreMillis']?: Settings[Name] | undefined;
};

export const SETTINGS_RULES: OptionRules<GivenSettings> = {
  clientBufferMessages: wholeNumber(1, 65_536),
  kickDeadlineMillis: wholeNumber(100, 24 * 3_600_000),
  allowedOrigins: TEXTS,
  pingIntervalMillis: wholeNumber(100, 50_000),
  timeLimitMillis: wholeNumber(1_000, 24 * 3_600_000),
  seed: wholeNumber(0, 2 ** 31 - 1),
  exploreMillis: wholeNumber(1_000, 60_000),
};

/** Checks of pings wait for several of them, those of evicted clients for several deadlines. */
const [PING_INTERVALS, KICK_DEADLINES] = [6, 4];

/** Settings that are not given have the values of the protocol. */
export function createSettings(given: GivenSettings): Settings {
  return {
    ...DEFAULT_SETTINGS,
    clientBufferMessages: given.clientBufferMessages ?? DEFAULT_SETTINGS.clientBufferMessages,
    kickDeadlineMillis: given.kickDeadlineMillis ?? DEFAULT_SETTINGS.kickDeadlineMillis,
    allowedOrigins: given.allowedOrigins ?? DEFAULT_SETTINGS.allowedOrigins,
    pingIntervalMillis: given.pingIntervalMillis,
    timeLimitMillis: given.timeLimitMillis ?? timeLimitFor(given),
    seed: given.seed ?? DEFAULT_SETTINGS.seed,
    exploreMillis: given.exploreMillis ?? DEFAULT_SETTINGS.exploreMillis,
  };
}

function timeLimitFor({ pingIntervalMillis = 0, kickDeadlineMillis = 0 }: GivenSettings): number {
  const usual = DEFAULT_SETTINGS.kickDeadlineMillis;
  const moreMillis = Math.max(0, kickDeadlineMillis - usual) * KICK_DEADLINES;
  return DEFAULT_SETTINGS.timeLimitMillis + moreMillis + pingIntervalMillis * PING_INTERVALS;
}
