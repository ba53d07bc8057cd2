// The words of --fault: what they mean, and what each mistake says.
import { describe, expect, it } from 'vitest';
import { parseFault } from './fault-language.ts';

describe('parseFault', () => {
  it.each<[string, object]>([
    ['restart at=15s', { text: 'restart', kind: 'restart', atMillis: 15_000 }],
    ['kill at=15s every=30s', { text: 'kill', kind: 'kill', atMillis: 15_000, everyMillis: 30_000 }],
    ['freeze at=20s for=3s', { text: 'freeze for=3s', kind: 'freeze', atMillis: 20_000, forMillis: 3_000 }],
    ['drop at=10s share=30%', { text: 'drop share=30%', kind: 'drop', atMillis: 10_000, share: 0.3 }],
    ['drop at=10s', { text: 'drop', kind: 'drop', atMillis: 10_000, share: 1 }],
    [
      'partition at=1s for=5s',
      { text: 'partition for=5s', kind: 'partition', atMillis: 1_000, forMillis: 5_000 },
    ],
    [
      'latency at=0 for=30s add=50ms',
      { text: 'latency for=30s add=50ms', kind: 'latency', atMillis: 0, forMillis: 30_000, addMillis: 50 },
    ],
    [
      '  bandwidth  rate=64KiB/s  at=1s for=2s target=2 ',
      {
        text: 'bandwidth rate=64KiB/s for=2s target=2',
        kind: 'bandwidth',
        atMillis: 1_000,
        forMillis: 2_000,
        bytesPerSecond: 65_536,
        target: 2,
      },
    ],
    ['start target=2 at=5s', { text: 'start target=2', kind: 'start', target: 2, atMillis: 5_000 }],
    ['rolling-restart at=5s', { text: 'rolling-restart', kind: 'rolling-restart', atMillis: 5_000 }],
    [
      `exec='kubectl rollout restart "x"' at=5s for=20s`,
      {
        text: `exec='kubectl rollout restart "x"' for=20s`,
        kind: 'exec',
        command: 'kubectl rollout restart "x"',
        atMillis: 5_000,
        forMillis: 20_000,
      },
    ],
    [
      'exec=./deploy.sh at=5s',
      { text: 'exec=./deploy.sh', kind: 'exec', command: './deploy.sh', atMillis: 5_000, forMillis: 0 },
    ],
  ])('reads %s', (written, fault) => {
    expect(parseFault(written)).toEqual({ ok: true, value: { ...fault, written: written.trim() } });
  });

  it.each([
    ['', 'a fault cannot be empty: write one such as restart at=15s'],
    ['restrat at=1s', 'no fault "restrat"; did you mean restart?'],
    ['explode at=1s', 'no fault "explode"; there are restart, kill, freeze'],
    ['restart', 'restart needs at=, as in at=15s'],
    ['restart at=soon', 'restart: at=soon: "soon" is not a duration'],
    ['restart at=1s at=2s', 'restart: at= is given twice'],
    ['restart at=1s for=3s', 'restart takes no "for" here; it takes at, every, target'],
    ['restart at=1s constructor=3s', 'restart takes no "constructor"'],
    ['rolling-restart at=1s target=2', 'rolling-restart takes no "target" here; it takes at, every'],
    ['start at=1s', 'start needs target=, as in target=2'],
    ['start at=1s target=2 every=9s', 'start takes no "every" here; it takes at, target'],
    ['freeze at=1s', 'freeze needs for=, as in for=3s'],
    ['freeze at=1s for=0', 'freeze: for=0: it must be at least 1ms'],
    ['freeze at=1s for=3s every=2s', 'freeze: every= must be longer than for='],
    ['drop at=1s share=0%', 'drop: share=0%: expected a share above 0% and up to 100%'],
    ['drop at=1s share=101%', 'drop: share=101%: expected a share above 0% and up to 100%'],
    ['drop at=1s share=0.3', 'drop: share=0.3: "0.3" is not a share'],
    ['drop at=1s target=0', 'drop: target=0: expected the number of a hub, such as 1 for the first'],
    ['latency at=1s for=3s', 'latency needs add=, as in add=50ms'],
    ['exec at=1s', "exec needs a command, as in exec='kubectl rollout restart deployment/hub' at=15s"],
    ['exec=make deploy at=1s', 'exec takes no "deploy" here; it takes at, every, target, for'],
    [`exec='make at=1s`, 'is not name=value; put a value that has blanks in quotes'],
  ])('refuses %j', (written, problem) => {
    expect(parseFault(written)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });
});
