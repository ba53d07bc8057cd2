// Prints the failed tests of a vitest JSON report, each with its file and the first line of its error, and writes the
// counts to a file. A CI log may keep only its last part, so the list stands just before the totals.
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';

const MAX_LISTED = 50;
const MAX_LINE_LENGTH = 400;
const [reportFile, countsFile] = process.argv.slice(2);
const report = JSON.parse(readFileSync(reportFile, 'utf8'));

const firstLine = (text) =>
  (text ?? '')
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.trim()
    .slice(0, MAX_LINE_LENGTH) ?? 'no error message';

const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
  const file = relative(process.cwd(), name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length === 0 && status === 'failed') return [`${file}\n    ${firstLine(message)}`];
  return failed.map((test) => `${file} > ${test.fullName}\n    ${firstLine(test.failureMessages[0])}`);
});

const print = (line) => process.stdout.write(`${line}\n`);
if (failures.length > 0) print('failed tests:');
for (const failure of failures.slice(0, MAX_LISTED)) print(`  ${failure}`);
if (failures.length > MAX_LISTED) print(`  and ${failures.length - MAX_LISTED} more`);
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = report;
// A file that cannot be loaded has no failed test.
const failedCount = Math.max(numFailedTests, failures.length);
writeFileSync(countsFile, `${numPassedTests} ${failedCount} ${numPendingTests + numTodoTests}\n`);
