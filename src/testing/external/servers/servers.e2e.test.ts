// Servers in daily use, in turn half of the suite and a load test: what does not pass is reviewed in
// expected/NAME.json, and a verdict that changes fails here. `npm run servers` runs everything on each and rewrites these files.
import { afterAll, describe, it } from 'vitest';
import { createLanes } from '../../lanes.ts';
import { compareChecks, compareLoad } from './compare-verdicts.ts';
import { readExpected } from './expected.ts';
import { halfOfSuite, isDecided, judgeServer, loadServer, MAX_LOAD_RUNS } from './judge-server.ts';
import { type PreparedServer, prepareServer } from './prepare-server.ts';
import { SERVERS } from './servers.ts';

const TIMEOUT_MILLIS = 300_000;
const MAX_SUITES = 3;
const MAX_LOADS = 1;

const prepared = new Map<string, Promise<PreparedServer>>();
afterAll(async () => {
  for (const server of prepared.values()) (await server).remove();
});

const inSuiteLane = createLanes(MAX_SUITES);
const inLoadLane = createLanes(MAX_LOADS);

describe.concurrent('servers in daily use', { timeout: TIMEOUT_MILLIS }, () => {
  for (const [at, server] of SERVERS.entries()) {
    const prepare = async (skip: (reason: string) => never): Promise<string> => {
      const preparing = prepared.get(server.name) ?? prepareServer(server);
      prepared.set(server.name, preparing);
      const { command } = await preparing;
      return command.ok ? command.value : skip(command.problem);
    };

    const isJudged = at % 2 === 0;
    if (isJudged)
      it(`${server.title} gets the reviewed verdicts of the suite`, async ({ expect, skip }) => {
        await inSuiteLane(async () => {
          const command = await prepare(skip);
          const expected = readExpected(server.name);
          const ids = halfOfSuite(at / 2, Object.keys(expected.checks));
          const checks = await judgeServer(server.name, command, ids);
          expect(compareChecks(checks, expected.checks, expected.anywhere)).toEqual([]);
        });
      });
    else
      it(`${server.title} gets the reviewed verdict of a load test`, async ({ expect, skip }) => {
        await inLoadLane(async () => {
          const result = await loadServer(await prepare(skip));
          if (!isDecided(result))
            skip(`${MAX_LOAD_RUNS} load tests were inconclusive: the machine was too busy`);
          expect(compareLoad(result, readExpected(server.name).load)).toEqual([]);
        });
      });
  }
});
