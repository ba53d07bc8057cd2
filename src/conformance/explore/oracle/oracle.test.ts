// The oracle, on recordings made by hand: what it blames, and what it leaves alone.
import { describe, expect, it } from 'vitest';
import type { MemberRecord, ProgramRecording, PublishedEvent } from '../run/recording.ts';
import { judgeProgram } from './judge-program.ts';

const publish = (count: number, producers = 1): PublishedEvent[] =>
  Array.from({ length: count }, (_, sequence) => ({
    sequence,
    producer: sequence % producers,
    sentAtMicros: sequence * 1_000,
    isAccepted: true,
  }));

function member(sequences: readonly number[], changes: Partial<MemberRecord> = {}): MemberRecord {
  return {
    name: 'client 1',
    wanted: 'accept',
    owedFrom: 0,
    owedUntil: undefined,
    deliveries: sequences.map((sequence) => ({
      sequence,
      atMicros: sequence * 1_000 + 500,
      bytes: 100,
      frames: 1,
      isIntact: true,
    })),
    changes: [],
    faults: [],
    hasDataAfterClose: false,
    fate: 'kept',
    end: undefined,
    hasSentData: false,
    isAboveLimit: false,
    ping: undefined,
    closing: undefined,
    isReading: true,
    stalledMillis: 0,
    replayed: 0,
    ...changes,
  };
}

function judge(members: readonly MemberRecord[], changes: Partial<ProgramRecording> = {}): string[] {
  const recording: ProgramRecording = {
    published: publish(5),
    members,
    hub: {
      publishProblem: undefined,
      deadProblem: undefined,
      extraClients: 0,
      extraDescriptors: undefined,
      extraMebibytes: undefined,
    },
    runner: { worstMillis: 0, totalMillis: 0 },
    coreWaits: [],
    program: { startMicros: 0, endMicros: 100_000 },
    inVain: [],
    isInterrupted: false,
    durationMillis: 100,
    ...changes,
  };
  return judgeProgram(recording).map(({ kind, who, got }) => `${kind}: ${who}: ${got}`);
}

const END = { kind: 'fin', closeCode: undefined, isTorn: false } as const;

describe('deliveries', () => {
  it.each([
    ['all events in order', [0, 1, 2, 3, 4], {}, []],
    ['a gap', [0, 1, 3, 4], {}, ['lost: client 1: 1 of 5 events are missing: event 2']],
    [
      'events of the past',
      [0, 1, 2, 3, 4],
      { replayed: 2 },
      ['replayed: client 1: 2 that all others had received before it connected'],
    ],
    ['a missing end', [0, 1, 2], {}, ['lost: client 1: 2 of 5 events are missing: event 3, 4']],
    ['one event twice', [0, 1, 1, 2, 3, 4], {}, ['duplicated: client 1: received again: event 1']],
    ['an event too early for its barrier', [2, 3, 4], { owedFrom: 3 }, []],
    [
      'a gap before its barrier',
      [0, 2, 3, 4],
      { owedFrom: 3 },
      ['lost: client 1: 1 of 5 events are missing: event 1'],
    ],
    ['an end where it left', [0, 1, 2], { fate: 'left', owedUntil: 3 }, []],
    [
      'an end before it left',
      [0, 1],
      { fate: 'left', owedUntil: 3 },
      ['lost: client 1: 1 of 3 events are missing: event 2'],
    ],
    ['the beginning, evicted', [0, 1], { fate: 'evicted', end: END }, []],
    [
      'a gap, evicted',
      [0, 2],
      { fate: 'evicted', end: END },
      ['lost: client 1: 1 of 5 events are missing: event 1'],
    ],
    ['nothing yet, stalled', [], { fate: 'either', isReading: false }, []],
    ['nothing, never joined', [], { owedFrom: undefined, fate: 'left' }, []],
  ] as const)('%s', (_, sequences, changes, expected) => {
    expect(judge([member(sequences, changes)])).toEqual(expected);
  });

  it('of one producer arrive in its order', () => {
    expect(judge([member([0, 2, 1, 3, 4])])).toEqual(
      expect.arrayContaining(['reordered: client 1: event 1 of one producer came after event 2']),
    );
  });

  it('of several producers arrive in one order for all', () => {
    const published = publish(6, 2);
    const one = member([0, 2, 1, 3, 4, 5]);
    expect(judge([one, member([0, 2, 1, 3, 4, 5])], { published })).toEqual([]);
    expect(judge([one, member([0, 1, 2, 3, 4, 5], { name: 'client 2' })], { published })).toEqual([
      'reordered: client 2: event 2 came after event 1, unlike at other clients',
    ]);
  });

  it('that the hub did not accept are not owed', () => {
    const published = publish(5).map((event) => ({ ...event, isAccepted: event.sequence !== 2 }));
    expect(judge([member([0, 1, 3, 4])], { published })).toEqual([]);
    expect(judge([member([0, 1, 2, 3, 4])], { published })).toEqual([]);
  });

  it('with other content are changed', () => {
    const { deliveries, ...rest } = member([0, 1, 2, 3, 4]);
    const changed = deliveries.map((delivery) => ({ ...delivery, isIntact: delivery.sequence !== 3 }));
    expect(judge([{ ...rest, deliveries: changed }])).toEqual([
      'changed: client 1: event 3 has other content',
    ]);
  });
});

describe('connections', () => {
  const all = [0, 1, 2, 3, 4];
  it.each([
    [
      'a client in order that ends',
      { end: END },
      ['disconnected: client 1: the hub ended its connection without a Close frame (fin)'],
    ],
    ['a sender of data closed by policy', { hasSentData: true, end: { ...END, closeCode: 1003 } }, []],
    ['one that did not read for long', { stalledMillis: 1_500, end: END }, []],
    [
      'an overflowed client that stays',
      { fate: 'evicted' },
      ['not-evicted: client 1: it is still connected'],
    ],
    ['a client that may have overflowed', { fate: 'either', end: END }, []],
    [
      'an unanswered Ping',
      { ping: { bytes: 125, isAnswered: false } },
      ['no-pong: client 1: no Pong with the 125 bytes of its Ping'],
    ],
    [
      'an unanswered Close',
      { fate: 'left', closing: { isAnswered: false } },
      ['close-unanswered: client 1: no Close frame in answer to its own'],
    ],
    [
      'a client that receives nothing',
      { owedFrom: undefined, deliveries: [] },
      [
        'never-joined: client 1: it is connected, and received none of the events that the hub accepted since',
      ],
    ],
    [
      'a forbidden origin that is accepted',
      { wanted: 'refuse', owedFrom: undefined, deliveries: [] },
      ['origin-accepted: client 1: its handshake was answered with 101'],
    ],
    [
      'an illegal frame',
      { faults: [{ kind: 'frame', problem: 'reserved bits' }] },
      ['illegal-frame: client 1: reserved bits'],
    ],
    [
      'an event that is no envelope any more',
      { faults: [{ kind: 'envelope', problem: 'payload is missing', isOwn: true }] },
      ['damaged: client 1: payload is missing'],
    ],
    ['a greeting', { faults: [{ kind: 'json', problem: 'hello' }] }, ['stray-message: client 1: hello']],
  ] as const)('%s', (_, changes, expected) => {
    expect(judge([member(all, changes as Partial<MemberRecord>)])).toEqual(expected);
  });

  it.each([
    ['accept', 'refused', 403, ['handshake-refused: client 1: no']],
    ['either', 'refused', 403, []],
    ['refuse', 'refused', 403, []],
    ['refuse', 'dropped', undefined, []],
    ['accept', 'refused', 101, ['handshake-wrong: client 1: no']],
    ['either', 'refused', 101, ['handshake-wrong: client 1: no']],
  ] as const)('wanted %s, %s with %s', (wanted, kind, status, expected) => {
    const refusal = { kind, problem: 'no', status };
    expect(judge([member([], { wanted, refusal, owedFrom: undefined, isReading: false })])).toEqual(expected);
  });
});

describe('a hub with many clients', () => {
  it('may refuse more with 503', () => {
    const refused = member([], {
      refusal: { kind: 'refused', problem: 'HTTP 503', status: 503 },
      owedFrom: undefined,
      isReading: false,
    });
    expect(judge([refused])).toEqual(['handshake-refused: client 1: HTTP 503']);
    expect(judge([refused, ...Array.from({ length: 300 }, () => member([0, 1, 2, 3, 4]))])).toEqual([]);
  });
});

describe('the hub', () => {
  const hub = {
    publishProblem: undefined,
    deadProblem: undefined,
    extraClients: 0,
    extraDescriptors: 0,
    extraMebibytes: 0,
  };
  it.each([
    [{ deadProblem: 'nothing listens' }, ['hub-dead: the hub: nothing listens']],
    [{ publishProblem: { kind: 'refused', problem: 'too large', status: 413 } }, []],
    [
      { publishProblem: { kind: 'refused', problem: 'broken', status: 500 } },
      ['publish-failed: the hub: broken'],
    ],
    [{ extraClients: 3 }, ['clients-left: the hub: 3 more than are connected']],
    [{ uncountedClients: 2 }, ['clients-uncounted: the hub: 2 fewer than are connected']],
    [{ extraDescriptors: 24 }, ['descriptors-left: the hub: 24 more than before']],
    [{ extraMebibytes: 90 }, ['memory-kept: the hub: 90 MiB more than programs may take']],
    [
      { unevenLimit: { bytes: 4_000, form: 'compressed to 20 bytes' } },
      [
        'limit-uneven: the hub: a message of 4000 bytes ends a client, and the same message compressed to 20 bytes does not',
      ],
    ],
  ] as const)('%j', (changes, expected) => {
    expect(judge([], { hub: { ...hub, ...changes } })).toEqual(expected);
  });
});

describe('times', () => {
  const slow = member([0, 1, 2, 3, 4]);
  const late = {
    ...slow,
    deliveries: slow.deliveries.map((delivery) => ({ ...delivery, atMicros: delivery.atMicros + 3_000_000 })),
  };

  it('are bounded', () => {
    expect(judge([late])).toEqual(['late: client 1: event 0 took 3001 ms']);
  });

  it('are longer for many clients and for large events', () => {
    const many = Array.from({ length: 700 }, () => slow);
    expect(judge([late, ...many])).toEqual([]);
    const large = { ...late, deliveries: late.deliveries.map((one) => ({ ...one, bytes: 3 * 1024 * 1024 })) };
    expect(judge([large, slow])).toEqual([]);
  });

  it('begin when the hub has taken the event: a slow route makes no late delivery', () => {
    const published = publish(5).map((event) => ({
      ...event,
      acceptedAtMicros: event.sentAtMicros + 2_900_000,
    }));
    expect(judge([late], { published })).toEqual([]);
  });

  it('are not judged where the kit stood still for long enough to explain them', () => {
    expect(judge([late], { runner: { worstMillis: 600, totalMillis: 700 } })).toEqual([]);
    expect(judge([late], { runner: { worstMillis: 600, totalMillis: 100 } })).toHaveLength(1);
  });

  it('are not judged where the hub waited for a core for long enough to explain them', () => {
    const coreWaits = (hubMillis: number, runnerMillis: number) =>
      Array.from({ length: 20 }, (_, at) => ({
        ...{ startMicros: at * 250_000, endMicros: (at + 1) * 250_000, hubMillis, runnerMillis },
      }));
    expect(judge([late], { coreWaits: coreWaits(200, 0) })).toEqual([]);
    expect(judge([late], { coreWaits: coreWaits(100, 100) })).toEqual([]);
    expect(judge([late], { coreWaits: coreWaits(20, 10) })).toHaveLength(1);
  });

  it('do not count where the hub waited for a core while what was waited for did not come', () => {
    const silent = member([0, 1, 2, 3, 4], { ping: { bytes: 4, isAnswered: false } });
    const program = { startMicros: 0, endMicros: 5_000_000 };
    const coreWaits = [{ ...program, hubMillis: 4_000, runnerMillis: 0 }];
    const inVain = [{ startMicros: 1_000_000, endMicros: 4_000_000 }];
    expect(judge([silent], { program, inVain })).toHaveLength(1);
    expect(judge([silent], { program, inVain, coreWaits })).toEqual([]);
  });

  it('do not excuse what needs no time', () => {
    const runner = { worstMillis: 9_000, totalMillis: 9_000 };
    expect(judge([member([0, 2, 3, 4])], { runner })).toHaveLength(1);
    expect(judge([member([0, 1])], { runner })).toEqual([]);
  });

  it('do not count after an interruption', () => {
    expect(judge([member([0])], { isInterrupted: true })).toEqual([]);
  });
});
