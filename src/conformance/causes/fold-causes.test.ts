// Failed checks to causes: what is decisive, what follows, and that two defects at once are both named.
import { describe, expect, it } from 'vitest';
import { foldCauses } from './fold-causes.ts';

const failing = (...ids: readonly string[]) =>
  ids.map((id) => ({ id, verdict: 'fail' as const, title: `${id} holds` }));

describe('foldCauses', () => {
  it('names the cause with its decisive check and folds what follows from it', () => {
    expect(foldCauses(failing('origin.foreign-refused', 'origin.null-refused', 'origin.generated'))).toEqual([
      {
        sentence: 'The hub accepts foreign origins: any website can listen',
        decisive: 'origin.foreign-refused',
        follows: ['origin.null-refused', 'origin.generated'],
      },
    ]);
  });

  it('tells a hub that closes foreign connections after the 101 from one that accepts them', () => {
    const late = { id: 'origin.refusal-has-no-effect', verdict: 'pass' as const, title: '' };
    const failed = failing('origin.foreign-refused', 'origin.null-refused');
    expect(foldCauses([...failed, late])).toEqual([
      {
        sentence: 'The hub completes the handshake of foreign origins, though it sends them no events',
        decisive: 'origin.foreign-refused',
        follows: ['origin.null-refused'],
      },
    ]);
    expect(foldCauses([...failed, { ...late, verdict: 'skip' }])[0]?.sentence).toContain(
      'any website can listen',
    );
  });

  it('names both of two defects', () => {
    const causes = foldCauses(failing('origin.foreign-refused', 'origin.generated', 'slow-client.evicted'));
    expect(causes.map(({ decisive }) => decisive)).toEqual(['origin.foreign-refused', 'slow-client.evicted']);
  });

  it('names large events, which checks of slow clients use, where small ones arrive', () => {
    const small = ['delivery.every-client-once-in-order', 'delivery.thousand-events-to-one'];
    const failed = failing(
      ...['envelope.large-payload', 'delivery.large-among-small', 'slow-client.evicted'],
      ...['slow-client.producers-unharmed', 'slow-client.others-unharmed'],
    );
    const passed = small.map((id) => ({ id, verdict: 'pass' as const, title: id }));
    expect(foldCauses([...passed, ...failed])).toMatchObject([
      {
        sentence: 'Large events do not arrive as they were published, or events are lost after them',
        decisive: 'delivery.large-among-small',
        follows: { length: 4 },
      },
    ]);
    expect(foldCauses(failed)[0]?.sentence).toContain('stops the hub for everybody');
  });

  it('distinguishes a hub that disconnects the others from one that stands still', () => {
    const failed = failing(
      'slow-client.producers-unharmed',
      'slow-client.others-unharmed',
      'slow-client.evicted',
    );
    const got =
      'client A was disconnected at 300 ms after Close 1013 (fin); it received 101 events, the last #100; client B (for 273 ms) had stopped reading';
    expect(foldCauses(failed.map((check) => ({ ...check, got })))).toMatchObject([
      {
        sentence: 'When a client stops reading, the hub disconnects others that keep up',
        follows: { length: 2 },
      },
    ]);
  });

  it('shows a failure that no cause explains by its title', () => {
    expect(foldCauses(failing('lifecycle.half-close-ends'))).toEqual([
      {
        sentence: 'Not true: lifecycle.half-close-ends holds',
        decisive: 'lifecycle.half-close-ends',
        follows: [],
      },
    ]);
  });

  const saying = (id: string, got: string) => ({ id, verdict: 'fail' as const, title: id, got });
  const UNANSWERED = 'POST URL was not answered within 10000 ms';

  it('names a client that stops the hub, where the title of the check holds', () => {
    const slow = `after robustness.fragments-limited the hub is not alive: ${UNANSWERED}; no client had stopped reading: the route is slow`;
    const gone = 'after lifecycle.half-close-ends the hub is not alive: connection refused';
    const ids = ['robustness.fragments-limited', 'lifecycle.half-close-ends'] as const;
    expect(foldCauses([saying(ids[0], slow), saying(ids[1], gone)])).toEqual([
      {
        sentence: 'A client can stop the hub or its broadcast route',
        decisive: ids[0],
        follows: [ids[1]],
      },
    ]);
  });

  it('blames a client that stopped reading for an unanswered broadcast only with the proof', () => {
    const blocked = `${UNANSWERED}; client B (for 9 ms) had stopped reading, and once disconnected, the route answered again within 8 ms`;
    const ids = ['slow-client.evicted', 'slow-client.depth', 'slow-client.producers-unharmed'];
    expect(foldCauses([...ids.map((id) => saying(id, blocked)), ...failing('slow-client.says-why')])).toEqual(
      [
        {
          sentence: 'A client that stops reading blocks the broadcast route',
          decisive: 'slow-client.producers-unharmed',
          follows: ['slow-client.evicted', 'slow-client.depth', 'slow-client.says-why'],
        },
      ],
    );
    const slow = `${UNANSWERED}; no client had stopped reading: the route is slow`;
    const checks = ['envelope.fields', 'slow-client.producers-unharmed', 'slow-client.others-unharmed'];
    expect(foldCauses(checks.map((id) => saying(id, slow)))).toEqual([
      {
        sentence: 'The broadcast route is slow or stops answering, also while every client reads',
        decisive: 'envelope.fields',
        follows: ['slow-client.producers-unharmed', 'slow-client.others-unharmed'],
      },
    ]);
  });

  it('folds data after the Close on connections of any check', () => {
    const ids = ['robustness.bad-continuation-refused', 'robustness.bad-control-refused'];
    const checks = ids.map((id) => saying(id, 'the hub sent data after its Close 1002 to client A'));
    expect(foldCauses(checks)).toEqual([
      { sentence: 'The hub sends data after its own Close', decisive: ids[0], follows: [ids[1]] },
    ]);
  });

  it('says nothing of a hub without failures', () => {
    expect(foldCauses([{ id: 'origin.foreign-refused', verdict: 'pass', title: '' }])).toEqual([]);
  });
});
