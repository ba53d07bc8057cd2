// Clients of a hub on which nothing happens, for as long as the run lasts. Their hub is a second one, since other checks
// broadcast all the time.
import type { Check } from '../../../check.ts';
import { LIVE_UPDATES_CLAUSE } from '../../../clauses.ts';
import { skip, skipForTime } from '../../../finding.ts';
import { describeSeconds } from './explain-ends.ts';
import { findOtherEvents, judgeEnds, judgeSilence } from './judge-silence.ts';
import { beginSilence } from './silence.ts';

/** Where no other check runs. */
const LEAST_MILLIS = 16_000;
/** A minute is what many proxies and libraries allow. */
const MOST_MILLIS = 75_000;
/** Of the time of a run: the rest is for the start of the hub, and for its end. */
const SHARE_OF_TIME = 0.7;

export const quietHub: Check = {
  id: 'lifecycle.quiet-hub',
  chapter: 'lifecycle',
  title: 'clients of a hub on which nothing happens are kept, and receive the next event',
  level: 'must',
  clause: LIVE_UPDATES_CLAUSE,
  needs: ['broadcast'],
  deadlineMillis: 200_000,
  explain:
    "Hours may pass between two deploys. A hub that disconnects clients to which it has sent nothing for half a minute, or which have sent nothing themselves, makes every dashboard reconnect all night, and those that do not reconnect miss the next deploy. Other checks broadcast all the time, so the suite starts a second hub beside the one under test, on which nothing happens while the other checks run (up to 75 s; 16 s where no others run). Some of its clients only listen; others send a Ping every 3 s, have the headers of a browser, or offer compression. One of each has received an event before the silence, one has connected after it, and one 4 s later, which shows whether an age is the limit. All answer the hub's Pings. One more has two events of 256 KiB waiting and reads nothing in the first 4.3 s: it must receive them, and is kept, as only a full buffer is a reason to disconnect it; a hub that limits the time of a write so closely gets a warning, unless it pings, and takes the silent client for dead. At the end all must be connected, receive the next event once, and get a Pong; meanwhile only Pings may have come. Skipped where no second hub can be started: the suite has not started the first, or its command names a port.",
  isolation: 'second-hub',
  async run(lab) {
    const mostMillis = Math.min(MOST_MILLIS, lab.settings.timeLimitMillis * SHARE_OF_TIME);
    if (mostMillis < LEAST_MILLIS)
      return skipForTime(
        `a silence takes ${describeSeconds(LEAST_MILLIS)}, and a run of this length has no time for it`,
      );
    const silence = await beginSilence(lab);
    const { leastMillis, awaited } = lab.listening;
    const ended = await silence.listen(() => {
      const millis = silence.lastsMillis();
      return millis >= mostMillis || (awaited.aborted && millis >= Math.max(LEAST_MILLIS, leastMillis));
    });
    if (ended !== undefined) await silence.outlast(ended);
    if (lab.signal.aborted) return skip('the run ended before the silence did');
    const other = findOtherEvents(lab, silence);
    if (other !== undefined) return skip(`events of others came on the second hub: ${other}`);
    const found = ended === undefined ? await judgeSilence(lab, silence) : judgeEnds(lab, silence);
    return found.verdict === 'pass' ? ((await silence.sleeper.woken) ?? found) : found;
  },
};
