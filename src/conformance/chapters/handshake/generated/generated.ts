// Generated handshakes: legal requests with many unusual things at once, each let in and served, or refused for its origin.
import { DEFAULT_ALLOWED_ORIGINS } from '../../../../protocol/limits.ts';
import { judgeOrigin } from '../../../../protocol/origin-rule.ts';
import type { Check } from '../../../check.ts';
import { CLIENTS_FACTOR } from '../../../explore/factors/clients.ts';
import { handshakeChoiceOf } from '../../../explore/program/handshake-choice.ts';
import { type Program, renderProgramFile, withValue } from '../../../explore/program/program.ts';
import { titleOf } from '../../../explore/search/finding.ts';
import { fail, listSome, pass, warn } from '../../../finding.ts';
import { originFor } from '../../../inputs/handshakes/origins.ts';
import type { Lab } from '../../../lab/lab.ts';
import { FOREIGN_ORIGIN, openControl, tryOrigin } from '../../origin/origin-attempt.ts';
import { drawHandshakes } from './draw-handshakes.ts';
import { type Reduced, reduceFailures } from './reduce.ts';
import { type Problem, type Tried, type TryOptions, tryHandshakes } from './try-handshakes.ts';

const HANDSHAKES = 200;
const AT_ONCE = 40;
/** What takes longer among the others is tried alone. */
const BATCH_ANSWER_MILLIS = 3_000;
const STEP_ANSWER_MILLIS = 700;
/** Alone, every hub answers by then. */
const ANSWER_MILLIS = 5_000;
/** A hub that fails is given no more handshakes than these take. */
const SEARCH_MILLIS = 6_000;
const REDUCE_MILLIS = 40_000;
const REPLAY = 'norn-conformance explore --program';

export const generatedHandshakes: Check = {
  id: 'handshake.generated',
  chapter: 'handshake',
  title: 'generated handshakes are accepted and served, or refused for their Origin, in every legal form',
  level: 'must',
  clause: {
    source: 'RFC 6455 4.2.1',
    quote:
      "The client's opening handshake consists of the following parts. If the server, while reading the handshake, finds that the client did not send a handshake that matches the description below […], the server MUST stop processing the client's handshake",
  },
  needs: ['direct'],
  deadlineMillis: 120_000,
  explain:
    'Every client writes its handshake in another way, and a hub that was tried with three of them refuses the fourth, or lets in what it must refuse. This check generates 200 handshakes from the seed of the run. Each has the headers of a browser, a library or a gateway, and any mix of: header names in any case, spaces and tabs around values, headers in any order, lists in one line or several, cookies and credentials, headers of proxies and unknown ones, offers of extensions and subprotocols, bytes that arrive in pieces, and a connection that was used for another request before. HTTP and RFC 6455 allow all of it. The origin is none, an allowed or a foreign one. Forty clients at a time connect side by side: those that must be accepted must receive the next event exactly once and stay connected, and foreign origins must be refused. Where correct servers differ (a query, a subprotocol, an unknown extension, a head of more than 4 KiB), a refusal passes, but not a wrong answer, nor a client that is let in and forgotten. Tabs after the colon, spaces after the value and Connection in several lines must be understood, too, but servers in daily use do not: refusing them is a warning. What fails is tried again alone and reduced to what it needs, such as "only with a cookie and Authorization: Bearer", and kept as a file that replays it. What does not fail again is listed and fails nothing.',
  isolation: 'shared',
  async run(lab) {
    const control = await openControl(lab);
    const allowedOrigins = [...DEFAULT_ALLOWED_ORIGINS, ...lab.settings.allowedOrigins];
    const options = (deadlineMillis: number): TryOptions => ({ allowedOrigins, control, deadlineMillis });
    const isAllowed = (origin: string): boolean =>
      judgeOrigin(originFor(origin, allowedOrigins), allowedOrigins).isAllowed;
    const drawn = drawHandshakes(lab.random, HANDSHAKES, isAllowed);
    // Where every origin is accepted, origin.foreign-refused is the check that fails.
    const isChecking = (await tryOrigin(lab, FOREIGN_ORIGIN)).outcome !== 'accepted';
    const programs = isChecking
      ? drawn
      : drawn.filter((program) => isAllowed(handshakeChoiceOf(program).origin));
    const failures: Tried[] = [];
    const batchOf = new Map<Program, readonly Program[]>();
    let tried = 0;
    while (tried < programs.length && (failures.length === 0 || lab.elapsedMillis() < SEARCH_MILLIS)) {
      const batch = programs.slice(tried, tried + AT_ONCE);
      tried += batch.length;
      for (const program of batch) batchOf.set(program, batch);
      const all = await tryHandshakes(lab, batch, options(BATCH_ANSWER_MILLIS));
      failures.push(...all.filter(({ problem }) => problem !== undefined));
    }
    const answerMillis = Math.min(ANSWER_MILLIS, lab.settings.waitMillis);
    const untilMillis = lab.elapsedMillis() + REDUCE_MILLIS;
    const { findings, unconfirmed } = await reduceFailures(failures, {
      attempt: (program, isThorough) =>
        tryAlone(lab, program, options(isThorough ? answerMillis : STEP_ANSWER_MILLIS)),
      async attemptAmongOthers(program) {
        const batch = batchOf.get(program) ?? [program];
        const again = await tryHandshakes(lab, batch, options(answerMillis));
        return again.find((one) => one.program === program)?.problem;
      },
      isOver: () => lab.elapsedMillis() > untilMillis,
    });
    const evidence = [
      `${tried} handshakes, ${failures.length} failed, seed ${lab.settings.seed}`,
      ...unconfirmed.map(
        ({ program, problem }) =>
          `did not happen again: ${problem && nameOf({ program, problem })}: ${problem?.got}`,
      ),
    ];
    return judge(lab, findings, evidence);
  },
};

/** With another client like it: a hub may confuse the two. */
async function tryAlone(lab: Lab, program: Program, options: TryOptions): Promise<Problem | undefined> {
  const tried = await tryHandshakes(lab, [program, program], options);
  return tried.find(({ problem }) => problem !== undefined)?.problem;
}

const nameOf = ({ program, problem: { kind }, isAmongOthers = false }: Reduced): string =>
  titleOf({ kind, programs: [program], rounds: 1 }) +
  (isAmongOthers ? `, among ${AT_ONCE - 1} others at the same time` : '');

function judge(lab: Lab, findings: readonly Reduced[], evidence: readonly string[]) {
  const failures = findings.filter(({ problem }) => !problem.isWarning);
  const shown = failures.length > 0 ? failures : findings;
  const [first] = shown;
  if (first === undefined) return pass({ evidence });
  const judged = failures.length > 0 ? fail : warn;
  const fileName = `handshake-${lab.settings.seed}.json`;
  const { program, problem } = first;
  const isOfOne = problem.kind === 'handshake-refused' || problem.kind === 'origin-accepted';
  const replayed = isOfOne ? program : withValue(program, CLIENTS_FACTOR, 2);
  return judged(
    {
      expected: 'every legal handshake is accepted and its client served, and every foreign Origin refused',
      got: listSome(shown.map((finding) => `${nameOf(finding)}: ${finding.problem.got}`)),
    },
    {
      evidence: [...evidence, `again: ${lab.settings.replayCommand(fileName, REPLAY)}`],
      fixture: {
        fileName,
        yaml: renderProgramFile(nameOf(first), { programs: [replayed], shows: problem.kind }),
        program: REPLAY,
      },
    },
  );
}
