// One client that stops reading until so many messages wait for it, and reads on: what becomes of it.

import { describeState } from '../../lab/client/client-state.ts';
import { type Drained, drain } from '../../lab/drain.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import { type StalledScene, uncountable } from './stalled.ts';

/** Events beyond a full buffer, so that what comes after the eviction is seen too. */
const BEYOND = 6;
const SETTLE_MILLIS = 150;
/** A client that was forgotten gets nothing more: after so many, each a share of a wait, the fence is tried all the same. */
const [QUIET_SPELLS, QUIET_SPELL_SHARE] = [5, 0.1];

export interface Overflow {
  /** Sequence of the first event that was broadcast while the client did not read. */
  readonly firstSequence: number;
  readonly published: number;
  /** From when it stopped reading until it read on. */
  readonly stalledMillis: number;
  /** Whether it could be seen how many messages waited in the hub. */
  readonly isCounted: boolean;
  /** It got everything, and an event that was broadcast when it read again. */
  readonly isKept: boolean;
  readonly drained: Drained;
  readonly state: string;
}

/** One client stalls until so many messages wait for it, then it reads on to the end, or to a fence after them. */
export async function overflow(
  lab: Lab,
  scene: StalledScene,
  outstanding: number,
  whenUnseen: 'more' | 'fewer' = 'more',
): Promise<Overflow> {
  const [victim] = scene.stalled;
  if (!victim) throw new Error('expected one client');
  const startMillis = lab.elapsedMillis();
  const { sequences, outstanding: counted } = await scene.fill(outstanding, whenUnseen);
  const published = sequences.length;
  // The hub may serve the stalled client after the witness: a moment for that, then the client reads.
  await lab.pause(SETTLE_MILLIS);
  const stalledMillis = lab.elapsedMillis() - startMillis;
  victim.readOn();
  await untilQuiet(victim, sequences.at(-1) ?? -1, lab.settings.waitMillis * QUIET_SPELL_SHARE);
  const fence = await lab.fence(scene.witnesses);
  const drained = await drain(victim, { lastSequence: fence, order: [...sequences, fence] });
  const isKept = drained.sequences.includes(fence) && drained.sequences.length === published + 1;
  const state = describeState(victim);
  victim.destroy();
  const isCounted = counted !== undefined;
  const firstSequence = sequences[0] ?? -1;
  return { firstSequence, published, stalledMillis, isCounted, isKept, drained, state };
}

/** Until the client has read the event, or what is none, or is over, or nothing came for a while. */
async function untilQuiet(victim: LabClient, sequence: number, spellMillis: number): Promise<void> {
  const { record } = victim;
  const hasRead = () =>
    victim.end !== undefined || record.faults.length > 0 || record.sequences.at(-1) === sequence;
  for (let quietSpells = 0; !hasRead() && quietSpells < QUIET_SPELLS; ) {
    const seenBytes = victim.bytesRead;
    await victim.until(hasRead, 'what was waiting for the stalled client', spellMillis);
    quietSpells = victim.bytesRead === seenBytes ? quietSpells + 1 : 0;
  }
}

/** Outstanding messages a hub with this buffer keeps: those queued and the one in flight. */
export const fits = (lab: Lab): number => lab.settings.clientBufferMessages + 1;

/** Outstanding messages by which a hub that writes them one by one has evicted: as few as possible. */
export const justBeyond = (lab: Lab, scene: StalledScene): number => fits(lab) + 1 + uncountable(scene);

/** The same where it hands so many to the kernel at once that a whole buffer is in flight. */
export const beyondTwice = (lab: Lab, scene: StalledScene): number => 2 * fits(lab) + uncountable(scene);

/** Outstanding messages by which every correct hub has evicted, with some to spare. */
export const beyond = (lab: Lab, scene: StalledScene): number => fits(lab) + uncountable(scene) + BEYOND;
