// What the checks of refused origins share: a control client is served first, then no attempt may be answered with 101.
import type { Check } from '../../check.ts';
import { FACTS, fail, listSome, pass } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import { openControl, tryOrigins } from './origin-attempt.ts';

const DEADLINE_MILLIS = 180_000;
const REJECTED = 'Otherwise → rejected';
const JUDGED =
  'Anything but 101 is a refusal here (origin.refused-with-403 judges its form). A control client without Origin must be served first, so that a hub that accepts nobody does not pass.';

type Parts = Pick<Check, 'id' | 'title' | 'explain'>;

/** `findAccepted` makes the handshakes and returns a description of each that was answered with 101. */
export function refusedCheck(parts: Parts, findAccepted: (lab: Lab) => Promise<readonly string[]>): Check {
  return {
    ...parts,
    chapter: 'origin',
    level: 'must',
    clause: { source: 'protocol: Origin Checking', quote: REJECTED },
    needs: [],
    deadlineMillis: DEADLINE_MILLIS,
    explain: `${parts.explain} ${JUDGED}`,
    isolation: 'shared',
    turn: 'quiet',
    async run(lab) {
      await openControl(lab);
      const accepted = await findAccepted(lab);
      if (accepted.length === 0) return pass();
      return fail({ expected: 'no 101 for a foreign origin', got: listSome(accepted) }, FACTS);
    },
  };
}

/** Tries each of the origins that is not on the list of the hub. */
export function refusedOriginsCheck(parts: Parts, origins: (lab: Lab) => readonly string[]): Check {
  return refusedCheck(parts, async (lab) => {
    const listed = new Set(lab.settings.allowedOrigins);
    const attempts = await tryOrigins(
      lab,
      origins(lab).filter((origin) => !listed.has(origin)),
    );
    return attempts.filter(({ outcome }) => outcome === 'accepted').map(({ text }) => text);
  });
}
