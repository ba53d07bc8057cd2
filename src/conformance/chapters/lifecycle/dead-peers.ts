// Peers whose machine is gone: the hub finds them by its Pings, where it says that it pings.
import type { Check } from '../../check.ts';
import { type Finding, fail, pass, skip } from '../../finding.ts';
import { describeState } from '../../lab/client/client-state.ts';
import type { Lab } from '../../lab/lab.ts';
import { oneLate } from '../../timed-work.ts';

const CLAUSE = {
  source: 'RFC 6455 5.5.2',
  quote:
    'A Ping frame may serve either as a keepalive or as a means to verify that the remote endpoint is still responsive.',
};
/** Timers of a loaded machine are late. */
const SLACK_MILLIS = 2_000;
const KEPT_INTERVALS = 3;
/** The first Ping, a few that are missed, and one more. */
const FOUND_INTERVALS = 5;

/** Only a hub that declares its interval can be late. */
function whenDeclared(lab: Lab, judge: (intervalMillis: number) => Promise<Finding>): Promise<Finding> {
  const { pingIntervalMillis } = lab.settings;
  return pingIntervalMillis === undefined
    ? Promise.resolve(skip('no ping interval is declared (--ping-interval)'))
    : judge(pingIntervalMillis);
}

export const pingsCome: Check = {
  id: 'lifecycle.pings-come',
  chapter: 'lifecycle',
  title: 'the hub pings a client at the declared interval',
  level: 'should',
  clause: CLAUSE,
  needs: [],
  deadlineMillis: 300_000,
  explain:
    'Proxies cut idle connections, and a hub that never pings keeps the connection of every closed laptop. Judged only with --ping-interval: a Ping must arrive within two intervals and 2 s. Run the hub with a short interval for this check.',
  isolation: 'shared',
  run: (lab) =>
    whenDeclared(lab, async (intervalMillis) => {
      const client = await lab.connect();
      const limitMillis = 2 * intervalMillis + SLACK_MILLIS;
      const isPinged = await client.until(() => client.record.pings > 0, 'a Ping of the hub', limitMillis);
      return isPinged
        ? pass()
        : fail({ expected: `a Ping every ${intervalMillis} ms`, got: `none in ${limitMillis} ms` });
    }),
};

export const deadPeerFound: Check = {
  id: 'lifecycle.dead-peer-found',
  chapter: 'lifecycle',
  title: 'a client that answers no Ping is disconnected; one that answers is kept',
  level: 'should',
  clause: CLAUSE,
  needs: [],
  deadlineMillis: 300_000,
  explain:
    'A machine that lost power sends no FIN: only unanswered Pings reveal it. Judged only with --ping-interval: a client that reads and never answers must have lost its connection after five intervals and 2 s; one that answers must still be connected then.',
  isolation: 'shared',
  run: (lab) =>
    whenDeclared(lab, async (intervalMillis) => {
      const [silent, polite] = await Promise.all([lab.connect({ isPolite: false }), lab.connect()]);
      const startMillis = lab.elapsedMillis();
      const limitMillis = FOUND_INTERVALS * intervalMillis + SLACK_MILLIS;
      if (!(await silent.untilClosed(limitMillis)))
        return fail({
          expected: `a client that answers no Ping loses its connection after some intervals of ${intervalMillis} ms`,
          got: `still connected after ${limitMillis} ms and ${silent.record.pings} Pings`,
        });
      const restMillis = KEPT_INTERVALS * intervalMillis - (lab.elapsedMillis() - startMillis);
      if (restMillis > 0) await polite.untilClosed(restMillis);
      if (await polite.ping('still here')) return pass();
      // The hub may have got its answers late: then that was an interval at least.
      const tookMillis = lab.elapsedMillis() - startMillis;
      const allowedMillis = Math.max(0, tookMillis - intervalMillis);
      return fail(
        { expected: 'a client that answers every Ping is kept', got: describeState(polite) },
        { basis: oneLate({ fromMillis: startMillis, tookMillis }, allowedMillis) },
      );
    }),
};
