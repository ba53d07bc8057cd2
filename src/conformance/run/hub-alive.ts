// How alive is the hub, for a newcomer? Asked before the first check and after every check that had the hub to itself,
// so that the check that killed it is the one that is blamed.
import { CheckEnded } from '../finding.ts';
import type { OwnedLab } from '../lab/open-lab.ts';

/** From worst to best: no client gets in; one gets in; it is answered; it receives a broadcast. */
export const ALIVENESS = ['dead', 'accepts', 'answers', 'delivers'] as const;

export interface Aliveness {
  readonly level: (typeof ALIVENESS)[number];
  /** What is missing for the next level; empty at the best. */
  readonly problem: string;
}

/** Asks no further than `enough`. */
export async function askHowAlive(
  owned: OwnedLab,
  enough: Aliveness['level'] = 'delivers',
): Promise<Aliveness> {
  const { lab } = owned;
  let level: Aliveness['level'] = 'dead';
  try {
    const client = await lab.connect();
    level = 'accepts';
    if (enough === level) return { level, problem: '' };
    if (!(await client.ping('alive'))) return { level, problem: 'a new client gets no Pong' };
    level = 'answers';
    if (enough === level) return { level, problem: '' };
    if (!lab.abilities.broadcast) return { level: 'delivers', problem: '' };
    await lab.join([client]);
    await lab.fence([client]);
    return { level: 'delivers', problem: '' };
  } catch (ended) {
    if (!(ended instanceof CheckEnded)) throw ended;
    return { level, problem: ended.message };
  } finally {
    await owned.close();
  }
}
