// Runs the suite on one hub as a user would: the program, in a process of its own, with `--spawn`.
import { execFile } from 'node:child_process';
import type { ConformanceResult } from '../../conformance/result.ts';
import { programFile } from '../../target/spawn/program-file.ts';
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { Subject } from './row.ts';

/** Declared to every hub and to the suite, so that no origin check is skipped. */
const EXTRA_ORIGIN = 'https://norn.example.com';

const PROGRAM = programFile(new URL('../../cli/conformance.ts', import.meta.url));
const DEADLINE_MILLIS = 1_200_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

type Judged = Pick<Subject, 'id' | 'command' | 'pingIntervalMillis'>;

/** `checks` are ids. */
export async function judgeSubject(
  subject: Judged,
  checks: readonly string[],
): Promise<Parsed<ConformanceResult>> {
  const judged = await runSuite(subject, checks);
  if (!judged.ok) return unparsed(`${subject.id}: ${judged.problem}`);
  return parsed(JSON.parse(judged.value) as ConformanceResult);
}

function runSuite(
  { command, pingIntervalMillis }: Judged,
  checks: readonly string[],
): Promise<Parsed<string>> {
  const args = [
    PROGRAM,
    '--spawn',
    command,
    '--allowed-origin',
    EXTRA_ORIGIN,
    '--time',
    `${DEADLINE_MILLIS}ms`,
    '--reporter',
    'json',
    ...checks.flatMap((id) => ['--only', id]),
    ...(pingIntervalMillis === undefined ? [] : ['--ping-interval', `${pingIntervalMillis}ms`]),
  ];
  const env = { ...process.env, NORN_ALLOWED_ORIGINS: EXTRA_ORIGIN };
  const limits = { timeout: DEADLINE_MILLIS, maxBuffer: MAX_OUTPUT_BYTES };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, ...limits }, (error, stdout, stderr) => {
      // 0: passed; 1: failed; 4: inconclusive. Each comes with a result, but node also exits with 1 when it crashes.
      const code = error === null ? 0 : error.code;
      if ((code === 0 || code === 1 || code === 4) && stdout.endsWith('}\n')) resolve(parsed(stdout));
      else
        resolve(
          unparsed(`the suite ended with ${code ?? error?.signal}: ${stderr.trim() || error?.message}`),
        );
    });
  });
}
