// Prints a report to stdout. Annotations are commands to GitHub Actions, so only they keep lines that begin with `::`;
// the function that makes them escapes all that a hub said.
import { writeTrusted } from './streams.ts';

export function printReport(reporter: string, text: string): void {
  if (reporter === 'github') writeTrusted(process.stdout, text);
  else process.stdout.write(text);
}
