// An evicted client that reads a little now and then: the bound on its disconnection is one for all of it, not for each
// byte that it takes.
import type { Check } from '../../check.ts';
import { fail, pass } from '../../finding.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { waitedInVain } from '../../timed-work.ts';
import { HUGE_EVENT_BYTES, SLOW_CLAUSE, stallClients } from './stalled.ts';

/** Events beyond a full buffer. */
const BEYOND = 6;
const SIP_INTERVAL_MILLIS = 100;
/** Of a backlog of some 16 MiB: read out after minutes. */
const MOST_SIPPED_BYTES_PER_SECOND = 64 * 1024;

export const dripDisconnected: Check = {
  id: 'slow-client.drip-is-disconnected',
  chapter: 'slow-client',
  title: 'the hub closes the socket of an evicted client that reads a little now and then',
  level: 'should',
  clause: SLOW_CLAUSE,
  needs: ['broadcast', 'direct'],
  deadlineMillis: 180_000,
  explain:
    'A hub that lets an evicted client read what is queued needs a limit for all of it: a limit that restarts with every byte lets a client of a few KiB/s keep its buffers without end. A client that stopped reading until it was evicted then takes a few KiB every 100 ms, and sends unsolicited Pongs, which a closed socket answers with a reset. It must have lost its connection within --kick-deadline (10 s) and 2 s.',
  isolation: 'alone',
  blockedBy: ['slow-client.evicted'],
  async run(lab) {
    const scene = await stallClients(lab, 1, HUGE_EVENT_BYTES);
    const [victim] = scene.stalled;
    if (!victim) throw new Error('expected one client');
    await scene.fill(lab.settings.clientBufferMessages + 1 + BEYOND);
    const limitMillis = lab.settings.kickDeadlineMillis + 2_000;
    const startMillis = lab.elapsedMillis();
    const startBytes = victim.bytesRead;
    while (victim.end === undefined && lab.elapsedMillis() - startMillis < limitMillis) await sip(victim);
    if (victim.end !== undefined) return pass();
    const readKiB = Math.round((victim.bytesRead - startBytes) / 1024);
    const readMillis = lab.elapsedMillis() - startMillis;
    return fail(
      {
        expected: `an evicted client is disconnected within ${limitMillis} ms, although it reads a little`,
        got: `still connected after reading ${readKiB} KiB`,
      },
      { basis: waitedInVain({ fromMillis: startMillis, tookMillis: readMillis }) },
    );
  },
};

/** Takes what one read of the socket gives, then waits as long as that is worth. */
async function sip(client: LabClient): Promise<void> {
  const beforeBytes = client.bytesRead;
  client.send(10);
  client.resumeReading();
  await client.until(() => client.bytesRead > beforeBytes, 'some bytes', SIP_INTERVAL_MILLIS);
  client.stopReading();
  const tookBytes = client.bytesRead - beforeBytes;
  await client.until(
    () => client.end !== undefined,
    'the end of the connection',
    Math.max(SIP_INTERVAL_MILLIS, (tookBytes / MOST_SIPPED_BYTES_PER_SECOND) * 1e3),
  );
}
