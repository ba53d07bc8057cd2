// Events that a page of another origin tries to broadcast. The protocol does not say who may POST: a hub that refuses the
// page's plainest request has a rule, and then no other form of the request may get around it.
import type { Lab } from '../../lab/lab.ts';
import { FOREIGN_ORIGIN } from './origin-attempt.ts';

/** Of which no page may broadcast: as many kinds as there are ways to compare wrongly. */
const OTHER_ORIGINS = [
  'null',
  'https://evil.example:5173',
  'http://localhost.evil.example',
  'http://evillocalhost',
  'http://foo.localhost',
  'http://127.0.0.1.nip.io',
  'http://127.0.0.2:3000',
];
/** Names of headers have no case. */
const OTHER_NAME = 'oRIGIN';
const FORMS_AT_ONCE = 8;

/** One request of a page, and the events in it, which nobody may receive. */
export interface Posted {
  readonly how: string;
  readonly sequences: readonly number[];
}

interface PlainForm {
  readonly origin: string;
  readonly name?: string;
}

/** Sends events in all forms; none where the hub refuses none of a page, or refuses all others as well. */
export async function postAsPages(lab: Lab): Promise<readonly Posted[]> {
  const forms = lab.target.requestForms?.({ Origin: FOREIGN_ORIGIN }) ?? [];
  const [plain] = forms;
  const [ordinary] = lab.target.requestForms?.({}) ?? [];
  if (plain === undefined || ordinary === undefined) return [];
  const deadlineMillis = lab.settings.waitMillis;
  const send = async (form: typeof plain, how: string) => {
    const events = Array.from({ length: form.events }, () => lab.series.next());
    const texts = events.map(({ text }) => text);
    const outcome = await form.send(texts, deadlineMillis);
    const sequences = events.slice(form.ownEvents ?? 0).map(({ sequence }) => sequence);
    return { outcome, posted: { how: `${how} ${form.name}`, sequences } };
  };
  if (!(await send(ordinary, 'without an origin')).outcome.ok) return [];
  const first = await send(plain, FOREIGN_ORIGIN);
  if (first.outcome.ok || first.outcome.kind === 'timeout') return [];
  lab.note(`an event of a page of ${FOREIGN_ORIGIN} is refused: ${first.outcome.problem}`);

  const plainOf = ({ origin, name = 'Origin' }: PlainForm) => {
    const [form = plain] = lab.target.requestForms?.({ [name]: origin }) ?? [];
    return () => send(form, `${name}: ${origin}`);
  };
  const rest = [
    ...forms.slice(1).map((form) => () => send(form, `Origin: ${FOREIGN_ORIGIN}`)),
    ...OTHER_ORIGINS.filter((origin) => !lab.settings.allowedOrigins.includes(origin)).map((origin) =>
      plainOf({ origin }),
    ),
    plainOf({ origin: FOREIGN_ORIGIN, name: OTHER_NAME }),
  ];
  const posted = [first.posted];
  for (let at = 0; at < rest.length; at += FORMS_AT_ONCE) {
    const sent = await Promise.all(rest.slice(at, at + FORMS_AT_ONCE).map((sendOne) => sendOne()));
    posted.push(...sent.map((each) => each.posted));
  }
  return posted;
}

/** The requests whose events a client has received. */
export function findBroadcast(posted: readonly Posted[], received: readonly number[]): readonly string[] {
  const came = new Set(received);
  return posted.filter(({ sequences }) => sequences.some((each) => came.has(each))).map(({ how }) => how);
}
