// The reviewed verdicts of each server (expected/NAME.json): every check that does not pass and every finding of the load
// test, each with the reason why the server really does this. Reviewed against its documentation and a raw socket.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// The same depth from src/ and dist/: the program that writes these files runs from dist/.
const FOLDER = fileURLToPath(new URL('../../../../src/testing/external/servers/expected/', import.meta.url));

export interface ExpectedVerdict {
  readonly verdict: string;
  /** Other verdicts that are right as well, where `why` explains on what it depends. */
  readonly or?: readonly string[];
  readonly why: string;
}

export interface ExpectedLoad {
  readonly verdict: string;
  /** Why, by the name of each finding and of each threshold that is breached. */
  readonly problems: Readonly<Record<string, string>>;
  /** The same for problems that may be absent. */
  readonly possible?: Readonly<Record<string, string>>;
}

export interface Expected {
  /** Of the server, as Debian has it; what the verdicts were reviewed with. */
  readonly version: string;
  /** What this hub does differently from the protocol by design; empty if nothing. */
  readonly design: string;
  /** By check. Checks that are not named pass. */
  readonly checks: Readonly<Record<string, ExpectedVerdict>>;
  /** What any check may warn of, by what it expected, with the reason: it depends on who is faster. */
  readonly anywhere?: Readonly<Record<string, string>>;
  readonly load: ExpectedLoad;
}

export function readExpected(name: string): Expected {
  return JSON.parse(readFileSync(expectedFile(name), 'utf8')) as Expected;
}

export function writeExpected(name: string, expected: Expected): void {
  writeFileSync(expectedFile(name), `${JSON.stringify(expected, null, 2)}\n`);
}

function expectedFile(name: string): string {
  return `${FOLDER}${name}.json`;
}
