// Origins that must be accepted (protocol: Origin Checking, rules 1 to 3): a refusal breaks the command-line tool or
// the developer's dashboard.
import { DEFAULT_ALLOWED_ORIGINS } from '../../../protocol/limits.ts';
import type { Check, Clause } from '../../check.ts';
import { FACTS, type Finding, fail, listSome, pass, skip, warn } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';
import type { LabClient } from '../../lab/lab-client.ts';
import {
  basisOfAttempts,
  openControl,
  openWithoutOrigin,
  requireOriginChecking,
  tryOrigin,
} from './origin-attempt.ts';

const DEADLINE_MILLIS = 120_000;
const JUDGED =
  'For each origin a connection must be answered with 101 and then receive an event like every other client. A control connects with a foreign origin first: a hub that accepts every origin proves nothing here, and the check is skipped.';

function allowedCheck(
  parts: Pick<Check, 'id' | 'title' | 'explain'> & { readonly quote: string },
  origins: (lab: Lab) => readonly string[] | string,
): Check {
  const clause: Clause = { source: 'protocol: Origin Checking', quote: parts.quote };
  return {
    id: parts.id,
    chapter: 'origin',
    title: parts.title,
    level: 'must',
    clause,
    needs: [],
    deadlineMillis: DEADLINE_MILLIS,
    explain: `${parts.explain} ${JUDGED}`,
    isolation: 'shared',
    async run(lab) {
      const chosen = origins(lab);
      if (typeof chosen === 'string') return skip(chosen);
      await openControl(lab);
      await requireOriginChecking(lab);
      return acceptAll(lab, chosen);
    },
  };
}

async function acceptAll(lab: Lab, origins: readonly string[]): Promise<Finding> {
  const refused: string[] = [];
  let isAnswered = false;
  const accepted: LabClient[] = [];
  for (const origin of origins) {
    const outcome = await lab.tryConnect({ headers: [['Origin', origin]] });
    if (outcome.ok) accepted.push(outcome.client);
    else {
      refused.push(`Origin: ${origin}: ${outcome.problem}`);
      isAnswered ||= outcome.kind !== 'timeout';
    }
  }
  const breach = { expected: 'HTTP 101 for each of these origins', got: listSome(refused) };
  if (refused.length > 0) return fail(breach, isAnswered ? FACTS : {});
  if (lab.abilities.broadcast) await lab.join(accepted);
  return pass({ evidence: [`accepted: ${origins.join(', ')}`] });
}

export const absentAllowed: Check = {
  ...allowedCheck(
    {
      id: 'origin.absent-allowed',
      title: 'a client without an Origin header is accepted',
      quote: 'Empty origin → allowed (non-browser clients)',
      explain: 'Command-line clients send no Origin; a hub that requires one breaks `norn deploy`.',
    },
    () => [],
  ),
  async run(lab) {
    await openWithoutOrigin(lab);
    await requireOriginChecking(lab);
    return pass();
  },
};

export const defaultsAllowed = allowedCheck(
  {
    id: 'origin.defaults-allowed',
    title: 'the default origins are accepted',
    quote: 'Default allowed origins: `http://localhost:5173`, `http://localhost:3000`.',
    explain: 'The dashboard runs on these origins during development.',
  },
  () => DEFAULT_ALLOWED_ORIGINS,
);

const LOCAL_ORIGINS = ['localhost', '127.0.0.1', '[::1]'].flatMap((host) => [
  `http://${host}`,
  `https://${host}`,
  `http://${host}:8080`,
  `https://${host}:49152`,
]);

export const localHostsAllowed = allowedCheck(
  {
    id: 'origin.local-hosts-allowed',
    title: 'localhost, 127.0.0.1 and ::1 are accepted with any port',
    quote: 'Origin hostname is `localhost`, `127.0.0.1`, or `::1` → allowed',
    explain:
      'A hub that compares the host with its port, forgets ::1, or does not strip its brackets, refuses pages served from this machine.',
  },
  () => LOCAL_ORIGINS,
);

export const anySchemeAllowed = allowedCheck(
  {
    id: 'origin.any-scheme-allowed',
    title: 'local origins are accepted with any scheme',
    quote: 'Origin hostname is `localhost`, `127.0.0.1`, or `::1` → allowed',
    explain:
      'Apps in a web view send origins such as capacitor://localhost; the rule looks at the host only.',
  },
  () => ['capacitor://localhost', 'ionic://localhost', 'tauri://localhost', 'app://localhost'],
);

export const extrasAllowed = allowedCheck(
  {
    id: 'origin.extras-allowed',
    title: 'each additional origin is accepted',
    quote: 'Additional origins are configured via `NORN_ALLOWED_ORIGINS` (comma-separated).',
    explain:
      "A deployed dashboard is served from one of these. A hub that reads only the first entry, or keeps the spaces around the commas, locks it out. Pass the hub's additional origins to the suite with --allowed-origin.",
  },
  (lab) =>
    lab.settings.allowedOrigins.length > 0
      ? lab.settings.allowedOrigins
      : 'no additional origin is known (give what the hub was given with --allowed-origin)',
);

export const emptyAllowed: Check = {
  id: 'origin.empty-allowed',
  chapter: 'origin',
  title: 'an empty Origin header is accepted',
  level: 'should',
  clause: { source: 'protocol: Origin Checking', quote: 'Empty origin → allowed (non-browser clients)' },
  needs: [],
  deadlineMillis: DEADLINE_MILLIS,
  explain:
    'No browser sends an empty Origin, but some clients write the header and leave it empty. The protocol allows it; a refusal is a warning.',
  isolation: 'shared',
  async run(lab) {
    await openControl(lab);
    await requireOriginChecking(lab);
    const empty = await tryOrigin(lab, '', [['Origin', '']]);
    if (empty.outcome === 'accepted') return pass();
    return warn({ expected: 'HTTP 101', got: empty.text }, basisOfAttempts([empty]));
  },
};
