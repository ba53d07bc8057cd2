// A ring for this process, where the kernel can do what it needs: that is tried, with two sockets of its own, as no version
// number tells what a kernel, a container or a policy allows.
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import { ReadRing } from './read-ring.ts';
import { bindRingCalls, type RingCalls } from './ring-calls.ts';
import { openRingMemory } from './ring-memory.ts';

const TRIAL = Buffer.from('norn');

/** The ring, or one sentence on why there is none. */
export function openRing(calls: Parsed<RingCalls> = bindRingCalls()): Parsed<ReadRing> {
  if (!calls.ok) return calls;
  const memory = openRingMemory(calls.value);
  if (!memory.ok) return memory;
  let ring: ReadRing;
  try {
    ring = new ReadRing(calls.value, memory.value);
  } catch (error) {
    memory.value.close();
    return unparsed((error as Error).message);
  }
  const problem = tryOut(ring, calls.value);
  if (problem === undefined) return parsed(ring);
  ring.close();
  return unparsed(problem);
}

/** Twice, as the request must read on by itself; then it must end. The first read finds that the socket is connected. */
function tryOut(ring: ReadRing, calls: RingCalls): string | undefined {
  const pair = calls.socketPair();
  if (pair === undefined) return `no sockets to try a ring with (${calls.lastError()})`;
  const [own, other] = pair;
  let [got, problem, isReleased]: [string, string | undefined, boolean] = ['', undefined, false];
  try {
    const entry = ring.attach(own, {
      onConnected() {},
      onBytes: (buffer, start, end) => {
        got += buffer.toString('latin1', start, end);
      },
      onEnd() {},
      onError: (code) => {
        problem = code;
      },
      onLost() {
        problem = calls.lastError();
      },
    });
    ring.read();
    for (let round = 0; round < 2; round++) {
      calls.send(other, TRIAL);
      ring.read();
    }
    entry.release(() => {
      isReleased = true;
    });
    ring.read();
  } finally {
    calls.close(own);
    calls.close(other);
  }
  if (problem !== undefined) return `this kernel reads no socket through a ring (${problem})`;
  if (got !== `${TRIAL}${TRIAL}`) return 'this kernel does not read on by itself (multishot recv)';
  return isReleased ? undefined : 'this kernel does not end a read of a ring';
}
