// A slice of the exploration in the ordinary run: random programs over unusual clients, headers, messages and contents,
// each judged by the whole protocol, as `norn-conformance explore` does for longer.
import type { Check } from '../../check.ts';
import { BROADCAST_CLAUSE } from '../../clauses.ts';
import { renderProgramFile } from '../../explore/program/program.ts';
import type { ExploreRun } from '../../explore/result.ts';
import { searchHub } from '../../explore/search/explore.ts';
import { replayOf, titleOf } from '../../explore/search/finding.ts';
import { error, fail, listSome, pass } from '../../finding.ts';
import type { Lab } from '../../lab/lab.ts';

/** What was seen to fail is reproduced and reduced for so long beside and after the search. */
const OVERTIME_MILLIS = 25_000;
/** More bugs than this need a search of their own. */
const MOST_FINDINGS = 4;
const SHOWN_UNCONFIRMED = 3;
const REPLAY = 'norn-conformance explore --program';

export const explored: Check = {
  id: 'model.explored',
  chapter: 'model',
  title: 'no unusual mix of clients, headers, messages and contents breaks the protocol',
  level: 'must',
  clause: BROADCAST_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 240_000,
  explain:
    'Each check is good at the bug that it was written for; this one searches the space between them. For 8 seconds (`--explore-time`) it runs random programs from the seed of the run on the living hub: each draws a few unusual values for headers of clients and proxies, origins, compression offers, numbers of clients, joining and leaving, reading and stalling, messages and Pings of clients, types, contents, sizes and batches of events. Each program is judged by the whole protocol. What fails is run again, on a hub that was started again where the kit can, until two of three tries have failed, then reduced to the factors that it needs, which are its name, as far as it fails reliably, and kept as a file that replays it. What did not fail again is listed and fails nothing, nor does anything that the kit itself was too slow to measure. `norn-conformance explore` searches longer; a seed that changes with each commit makes every run search elsewhere.',
  isolation: 'alone',
  confirmsFailures: true,
  // It would find these again, slowly.
  blockedBy: [
    'handshake.accept-key',
    'handshake.no-credentials',
    'origin.absent-allowed',
    'origin.foreign-refused',
    'envelope.fields',
    'envelope.text-messages',
    'envelope.legal-frames',
    'delivery.every-client-once-in-order',
    'delivery.many-from-one-address',
    'slow-client.evicted',
    'slow-client.really-disconnected',
    'slow-client.contiguous-prefix',
    'slow-client.producers-unharmed',
    'slow-client.others-unharmed',
    'model.random-programs',
  ],
  async run(lab) {
    const { target, settings, clock, signal } = lab;
    const run = await searchHub({
      ...{ target, settings, clock, signal },
      timeMillis: settings.exploreMillis,
      overtimeMillis: OVERTIME_MILLIS,
      mostFindings: MOST_FINDINGS,
    });
    return judgeRun(run, lab);
  },
};

function judgeRun({ programs, findings, unconfirmed, coverage, lossReason }: ExploreRun, lab: Lab) {
  const { seed, replayCommand } = lab.settings;
  const { covered, total } = coverage.pairs;
  const share = ((100 * covered) / total).toFixed(0);
  const evidence = [
    `${programs} programs, ${share} % of all pairs of values, seed ${seed}`,
    ...findings.map((finding) => `${titleOf(finding)}: ${finding.violation.who}: ${finding.violation.got}`),
    ...unconfirmed
      .slice(0, SHOWN_UNCONFIRMED)
      .map(({ violation: { kind, who, got } }) => `did not happen again: ${kind}: ${who}: ${got}`),
  ];
  const [worst] = findings;
  if (worst === undefined)
    return lossReason === undefined && programs > 0
      ? pass({ evidence })
      : error(lossReason ?? 'no program could be run', { evidence });
  const fileName = `explored-${seed}.json`;
  return fail(
    {
      expected: 'what the protocol promises each client, whatever is unusual about it and the others',
      got: listSome(findings.map(titleOf)),
    },
    {
      evidence: [...evidence, `again: ${replayCommand(fileName, REPLAY)}`],
      fixture: { fileName, yaml: renderProgramFile(titleOf(worst), replayOf(worst)), program: REPLAY },
    },
  );
}
