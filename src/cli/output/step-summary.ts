// The summary page of a GitHub Actions job: Markdown is appended to the file that the runner names.
import { appendFileSync } from 'node:fs';
import { SECRETS } from '../../kit/secrets.ts';

/** Does nothing outside of GitHub Actions. Returns the reason when the summary could not be written. */
export function appendStepSummary(
  markdown: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const file = environment.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === '') return undefined;
  try {
    appendFileSync(file, `${SECRETS.redact(markdown)}\n`);
    return undefined;
  } catch (error) {
    return `cannot write the step summary ${file}: ${(error as Error).message}`;
  }
}
