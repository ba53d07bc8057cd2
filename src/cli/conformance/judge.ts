// norn-conformance without a command: lists or explains checks, or judges a hub.
import { CHECKS } from '../../conformance/registry.ts';
import { runConformance } from '../../conformance/run/run-conformance.ts';
import { findCheck, selectChecks } from '../../conformance/run/selection.ts';
import { kitVersion } from '../../kit/kit-version.ts';
import { renderCheckList, renderExplanation } from '../../report/conformance/check-pages.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import type { ParsedLine } from '../options/command-line.ts';
import { deliverReports } from './deliver.ts';
import { createLiveLine, onHub } from './on-hub.ts';
import { commandOf, readKnownFailing, readSettings, unwrap } from './settings.ts';
import { SPEC } from './spec.ts';

export async function judge({
  values,
  positionals,
  argv,
}: ParsedLine<typeof SPEC.options>): Promise<ExitCode> {
  if (values.explain !== undefined)
    return print(renderExplanation(unwrap(findCheck(CHECKS, values.explain), '--explain')));
  const { only, skip, level } = values;
  const selected = unwrap(
    selectChecks(CHECKS, { only, skip, level }),
    only === undefined ? '--skip' : '--only',
  );
  if (values.list) return print(renderCheckList(selected));
  const knownFailing = readKnownFailing(values['known-failing']);
  const settings = readSettings(values, argv);
  return onHub({ program: SPEC.program, url: positionals[0], values }, async ({ target, signal }) => {
    const line = createLiveLine();
    let done = 0;
    const result = await runConformance({
      checks: selected,
      target,
      settings,
      kit: { name: 'norn-loadtest', version: kitVersion() },
      command: commandOf(argv, settings),
      strict: values.strict ?? false,
      knownFailing,
      signal,
      onResult: ({ id }) => line.show(`${++done}/${selected.length} ${id}`),
    });
    line.end();
    deliverReports(result, values, settings.replayCommand);
    return result.verdict;
  });
}

function print(words: string): ExitCode {
  console.log(words);
  return EXIT_CODE.passed;
}
