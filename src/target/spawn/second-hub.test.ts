// When a second hub may be started beside the first: where the system has chosen the port.
import { describe, expect, it } from 'vitest';
import { isFree, whyNoSecondHub } from './second-hub.ts';

const range = { first: 32_768, last: 60_999 };

describe('a second hub', () => {
  it.each([
    [41_234, ['./hub --port 0', undefined], true],
    [41_234, ['./hub --port 41234'], false],
    [41_234, ['./hub', '127.0.0.1:41234'], false],
    [41_234, ['./hub --id 412345'], true],
    [8_800, ['./hub'], false],
  ])('beside one on port %i, with the texts %j: %s', (port, texts, expected) => {
    expect(isFree(port, range, texts)).toBe(expected);
  });

  it.each([
    [{ kind: 'spawn', command: './hub', headers: [], url: 'ws://127.0.0.1:9/ws' }, /given with --spawn/],
    [{ kind: 'running', url: 'ws://127.0.0.1:9/ws', headers: [] }, /started by a command \(--spawn\)/],
    [
      { kind: 'spawn', command: './hub', headers: [], broadcastUrl: 'http://127.0.0.1:9/b' },
      /events go to one/,
    ],
    [{ kind: 'spawn', command: './hub', headers: [] }, /on port 9, .* free port/],
  ] as const)('is not started beside %j', async (choice, why) => {
    expect(await whyNoSecondHub(choice, 'ws://127.0.0.1:9/ws')).toMatch(why);
  });

  it('is not started beside one on a Unix socket', async () => {
    const choice = { kind: 'spawn', command: './hub', headers: [] } as const;
    expect(await whyNoSecondHub(choice, 'ws+unix:/run/hub.sock:/ws')).toContain('Unix socket');
  });

  it('is started beside the reference hub, which chooses a port', async () => {
    expect(await whyNoSecondHub({ kind: 'reference' }, 'ws://127.0.0.1:9/ws')).toBeUndefined();
  });
});
