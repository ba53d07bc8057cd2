// Known-bad hubs whose bug shows after a restart. What a real hub would keep on its disk is a file here (`--state`): without
// one every start is the first. They are not part of the kill matrix.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Defect } from '../defect.ts';
import type { HookableHub } from '../hub/hookable-hub.ts';
import type { HubChange } from '../hub/hub-hooks.ts';

export type FaultDefect = Pick<Defect, 'id' | 'summary' | 'change'>;

/** Counted, so that a busy machine changes nothing. */
const DEAF_CLIENTS = 20;
const REPLAYED_EVENTS = 20;

/** What an earlier process left; undefined: this is the first start. */
function readState({ options: { stateFile } }: HookableHub): readonly string[] | undefined {
  if (stateFile === undefined) return undefined;
  const earlier = existsSync(stateFile) ? readFileSync(stateFile, 'utf8').split('\n') : undefined;
  appendFileSync(stateFile, '');
  return earlier?.filter((line) => line !== '');
}

/** True until so many milliseconds after a start that was not the first. */
function afterRestart(hub: HookableHub, millis: number): () => boolean {
  const { clock } = hub.options;
  const untilMicros = readState(hub) === undefined ? 0 : clock.nowMicros() + millis * 1e3;
  return () => clock.nowMicros() < untilMicros;
}

const deaf: HubChange<HookableHub> = (hub, correct) => {
  let left = readState(hub) === undefined ? 0 : DEAF_CLIENTS;
  return {
    admit(client, writeResponse, request) {
      if (left-- > 0) writeResponse();
      else correct.admit(client, writeResponse, request);
    },
  };
};

const refusing =
  (millis: number): HubChange<HookableHub> =>
  (hub, correct) => {
    const isRefusing = afterRestart(hub, millis);
    return {
      refuseHandshake: (request) =>
        isRefusing() ? { status: 503, body: 'warming up' } : correct.refuseHandshake(request),
    };
  };

const replaying: HubChange<HookableHub> = (hub, correct) => {
  const earlier = (readState(hub) ?? []).slice(-REPLAYED_EVENTS);
  return {
    admit(client, writeResponse, request) {
      correct.admit(client, writeResponse, request);
      for (const text of earlier) hub.enqueue(client, { text, frame: hub.hooks.encode(text), number: -1 });
    },
    publish(texts) {
      if (hub.options.stateFile !== undefined)
        appendFileSync(hub.options.stateFile, texts.map((text) => `${text}\n`).join(''));
      return correct.publish(texts);
    },
  };
};

export const RESTART_DEFECTS: readonly FaultDefect[] = [
  {
    id: 'deaf-after-restart',
    summary: 'the first twenty clients after a restart are let in and receive nothing',
    change: deaf,
  },
  {
    id: 'refuses-after-restart',
    summary: 'for five seconds after a restart no client is let in',
    change: refusing(5_000),
  },
  {
    id: 'refuses-long-after-restart',
    summary: 'for twenty seconds after a restart no client is let in',
    change: refusing(20_000),
  },
  {
    id: 'replays-after-restart',
    summary: 'after a restart every client receives the last events of before',
    change: replaying,
  },
];
