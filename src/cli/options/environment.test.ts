// NORN_* variables: every option has one, and a typo gets a suggestion.
import { describe, expect, it } from 'vitest';
import { EXPLORE_SPEC } from '../conformance/explore/spec.ts';
import { REPORT_SPEC } from '../conformance/report-spec.ts';
import { SPEC as CONFORMANCE_SPEC } from '../conformance/spec.ts';
import { SPEC as HUB_SPEC } from '../hub/spec.ts';
import { COMMANDS } from '../loadtest/commands.ts';
import { OPTION_NAMES, suggestVariables } from './environment.ts';

describe('OPTION_NAMES', () => {
  it('lists the options of every program and command', () => {
    const specs = [
      HUB_SPEC,
      CONFORMANCE_SPEC,
      EXPLORE_SPEC,
      REPORT_SPEC,
      ...COMMANDS.map(({ spec }) => spec),
    ];
    const names = new Set(specs.flatMap(({ options }) => Object.keys(options)));
    expect(OPTION_NAMES).toEqual([...names].sort());
  });
});

describe('suggestVariables', () => {
  it('names the variable that was meant', () => {
    expect(suggestVariables(['NORN_CLIENTZ', 'PATH'])).toEqual([
      'NORN_CLIENTZ: no program reads this variable; did you mean NORN_CLIENTS?',
    ]);
  });

  it.each([
    'NORN_CLIENTS',
    'NORN_PORT',
    'NORN_ALLOWED_ORIGINS',
    'NORN_EXIT_WITH_STDIN',
    'NORN_SOMETHING_ELSE',
  ])('is silent about %s', (name) => expect(suggestVariables([name])).toEqual([]));
});
