// The buffer and its policy, measured on hubs of which both are known.
import { describe, expect, it } from 'vitest';
import { judgeDefect } from '../../../../testing/defect-tests/judge-defect.ts';
import { untilDecided } from '../../../../testing/defect-tests/until-decided.ts';
import { createLanes } from '../../../../testing/lanes.ts';
import { clientBuffer } from './client-buffer.ts';

/** Hubs and checks share one event loop. */
const inLane = createLanes(4);

/** "Unsteady" is an honest answer of a machine that is busy with something else: measured again. */
async function measure(defectId: string, clientBufferMessages = 64) {
  const measureOnce = async () => {
    const results = await judgeDefect(defectId, [clientBuffer], {}, { clientBufferMessages });
    return results.get(clientBuffer.id);
  };
  const result = await inLane(() => untilDecided(measureOnce, (one) => one?.verdict !== 'pass'));
  return result?.measurements;
}

describe.concurrent('measurement.client-buffer', () => {
  it.each([8, 200])('measures a buffer of %i without knowing it', { timeout: 240_000 }, async (depth) => {
    expect(await measure('correct', depth)).toMatchObject({
      clientBufferMessages: { value: depth, low: depth, high: depth },
      overflowPolicy: { value: 'kick' },
    });
  });

  it('counts messages that were merged as messages that came', { timeout: 60_000 }, async () => {
    expect(await measure('coalesce-newline', 256)).toMatchObject({
      clientBufferMessages: { value: 256, low: 256, high: 256 },
      overflowPolicy: { value: 'kick' },
    });
  });

  it.each([
    ['evicts-one-early', 63, 'kick'],
    ['drop-newest', 64, 'drop newest'],
    ['drop-oldest', 64, 'drop oldest'],
    ['head-of-line-block', 64, 'block'],
    ['never-evict', null, 'unbounded'],
  ])('says of %s: %s messages, %s', { timeout: 240_000 }, async (defectId, depth, policy) => {
    expect(await measure(defectId)).toMatchObject({
      clientBufferMessages: { value: depth },
      overflowPolicy: { value: policy },
    });
  });
});
