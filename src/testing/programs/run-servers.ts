#!/usr/bin/env node
// npm run servers: every check and a load test on servers in daily use, then their reviewed verdicts are rewritten
// (src/testing/external/servers/expected), for a review by diff. `-- NAME...` runs only these servers. Exits with 1 when a
// verdict changed or a server is missing.
import {
  compareChecks,
  compareLoad,
  rewriteChecks,
  rewriteLoad,
} from '../external/servers/compare-verdicts.ts';
import { readExpected, writeExpected } from '../external/servers/expected.ts';
import { FULL_SUITE, judgeServer, loadServer } from '../external/servers/judge-server.ts';
import { prepareServer } from '../external/servers/prepare-server.ts';
import { SERVERS, type Server } from '../external/servers/servers.ts';
import { createLanes } from '../lanes.ts';

const MAX_SUITES = 2;

const wanted = process.argv.slice(2);
const servers = SERVERS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

/** What changed or went wrong, one line each. */
async function runServer(server: Server): Promise<readonly string[]> {
  const { command, remove } = await prepareServer(server);
  try {
    if (!command.ok) return [command.problem];
    const started = performance.now();
    const checks = await judgeServer(server.name, command.value, FULL_SUITE);
    console.log(`${server.name}: the suite took ${Math.round((performance.now() - started) / 1_000)} s`);
    const loaded = await loadServer(command.value);
    const before = readExpected(server.name);
    writeExpected(server.name, {
      ...before,
      checks: rewriteChecks(checks, before.checks),
      load: rewriteLoad(loaded, before.load),
    });
    return [...compareChecks(checks, before.checks, before.anywhere), ...compareLoad(loaded, before.load)];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    remove();
  }
}

const inLane = createLanes(MAX_SUITES);
const changes = await Promise.all(
  servers.map((server) =>
    inLane(async () => {
      const lines = await runServer(server);
      console.log(
        [`${server.name}: ${lines.length === 0 ? 'as reviewed' : 'changed'}`, ...lines].join('\n  '),
      );
      return lines;
    }),
  ),
);
process.exitCode = changes.flat().length === 0 ? 0 : 1;
