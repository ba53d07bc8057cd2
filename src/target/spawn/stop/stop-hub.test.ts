// How a hub that the kit started ends on request: what it is sent, and which ends are those of a program that failed.
import { describe, expect, it } from 'vitest';
import type { StopSignal } from '../../target.ts';
import type { HubProcess, ProcessEnd } from '../hub-process.ts';
import { isFailure, stopHub } from './stop-hub.ts';

const end = (facts: Partial<ProcessEnd> = {}): ProcessEnd => ({
  exitCode: 0,
  signal: null,
  how: 'exited',
  left: [],
  ...facts,
});

/** A process that ends when it gets one of the signals, or at once where the shutdown operation ends it. */
function buildHub(endsOn: readonly (StopSignal | 'shutdown')[], ended: ProcessEnd = end()) {
  let resolve: (value: ProcessEnd) => void = () => {};
  const sent: NodeJS.Signals[] = [];
  const hub: HubProcess = {
    pid: 1,
    ended: new Promise<ProcessEnd>((resume) => {
      resolve = resume;
    }),
    hasEnded: false,
    listen: () => {},
    writeLine: () => {},
    signal(signal) {
      sent.push(signal);
      if (endsOn.some((each) => each === signal)) resolve(ended);
    },
    listPids: () => [1],
    expectEnd: () => {},
    lastWords: () => '',
  };
  const driver = {
    async askToStop() {
      const hasShutdown = endsOn.includes('shutdown');
      if (hasShutdown) resolve(ended);
      return hasShutdown;
    },
  };
  return { parts: { hub, driver, isHubItself: true }, sent };
}

describe('stopHub', () => {
  it('uses the shutdown operation, and SIGTERM where the hub has none', async () => {
    const asked = buildHub(['shutdown', 'SIGTERM']);
    expect(await stopHub(asked.parts, 1_000)).toMatchObject({ ok: true, by: 'shutdown' });
    expect(asked.sent).toEqual([]);
    const signaled = buildHub(['SIGTERM']);
    expect(await stopHub(signaled.parts, 1_000)).toMatchObject({ ok: true, by: 'SIGTERM' });
    expect(signaled.sent).toEqual(['SIGTERM']);
  });

  it('sends the signal that is asked for, also to a hub that has the shutdown operation', async () => {
    const { parts, sent } = buildHub(['shutdown', 'SIGINT']);
    expect(await stopHub(parts, 1_000, 'SIGINT')).toMatchObject({ ok: true, by: 'SIGINT' });
    expect(sent).toEqual(['SIGINT']);
  });

  it('names the signal that did not end the hub in time', async () => {
    const stopped = await stopHub(buildHub(['SIGTERM']).parts, 20, 'SIGINT');
    expect(stopped).toEqual({ ok: false, problem: 'the hub was still running 20 ms after SIGINT' });
  });

  it('reports the end of a program that failed, unless a shell or runner is in front of the hub', async () => {
    const failed = end({ exitCode: 1, how: 'exited with code 1' });
    const { parts } = buildHub(['SIGTERM'], failed);
    expect(await stopHub(parts, 1_000)).toMatchObject({ failure: 'exited with code 1' });
    const behind = { ...buildHub(['SIGTERM'], failed).parts, isHubItself: false };
    expect(await stopHub(behind, 1_000)).toMatchObject({ exitCode: 1, failure: undefined });
  });
});

describe('isFailure', () => {
  it.each<[Partial<ProcessEnd>, StopSignal, boolean]>([
    [{ exitCode: 0 }, 'SIGTERM', false],
    [{ exitCode: 143 }, 'SIGTERM', false],
    [{ exitCode: 130 }, 'SIGINT', false],
    [{ exitCode: null, signal: 'SIGTERM' }, 'SIGTERM', false],
    [{ exitCode: 1 }, 'SIGTERM', true],
    [{ exitCode: 130 }, 'SIGTERM', true],
    [{ exitCode: null, signal: 'SIGSEGV' }, 'SIGTERM', true],
  ])('takes the end %j after %s for a failure: %j', (ended, by, expected) => {
    expect(isFailure(end(ended), by)).toBe(expected);
  });
});
