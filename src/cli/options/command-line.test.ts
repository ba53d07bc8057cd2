// Command lines: where a value comes from, and the one line that a mistake gets.
import { describe, expect, it } from 'vitest';
import { type CommandSpec, type OptionTable, parseCommandLine } from './command-line.ts';
import { choice, choices, duration, flag, integer, text, texts } from './option.ts';
import { UsageError } from './usage-error.ts';

const SPEC = {
  program: 'norn-sample',
  usage: '[URL] [options]',
  describe: 'A sample.',
  maxPositionals: 1,
  options: {
    clients: integer('Clients', 'N', 1, 100),
    grace: duration('How long', 0, 60_000),
    'allowed-origin': texts('Origins', 'ORIGIN'),
    token: text('Secret', 'TOKEN'),
    level: choice('Level', 'LEVEL', ['must', 'should'] as const),
    reporter: choices('Reports', 'NAME', ['terminal', 'json'] as const, { table: 'terminal' }),
    strict: flag('Strictly'),
    ui: { ...integer('Page', 'PORT', 0, 65_535), bareValue: '0' },
  },
  examples: [['norn-sample', 'a sample run']],
} satisfies CommandSpec<OptionTable>;

const parse = (argv: readonly string[], environment: Record<string, string> = {}) =>
  parseCommandLine(SPEC, argv, environment);

async function valuesOf(argv: readonly string[], environment?: Record<string, string>) {
  const line = await parse(argv, environment);
  if (line.kind !== 'run') throw new Error('nothing to run');
  return line;
}

describe('parseCommandLine', () => {
  it('takes an option without its value where that has a meaning, and never the next word as its value', async () => {
    const line = await valuesOf(['--ui', 'ws://h/ws']);
    expect([line.values.ui, line.positionals]).toEqual([0, ['ws://h/ws']]);
    expect((await valuesOf(['--ui=8080'])).values.ui).toBe(8080);
    expect((await valuesOf([])).values.ui).toBeUndefined();
    await expect(parse(['--ui=80800'])).rejects.toThrow(
      '--ui: expected a whole number from 0 to 65535, got "80800"',
    );
    const help = await parse(['--help']);
    expect(help.kind === 'print' && help.text).toMatch(/--ui +\[=PORT\] {2}Page/);
  });

  it('reads flags in every spelling, typed, and leaves out what was not given', async () => {
    const line = await valuesOf([
      'ws://h/ws',
      '--clients=7',
      '--grace',
      '1.5s',
      '--strict',
      '--token',
      'false',
    ]);
    expect(line.positionals).toEqual(['ws://h/ws']);
    expect(line.values).toEqual({
      clients: 7,
      grace: 1_500,
      strict: true,
      token: 'false',
      'allowed-origin': undefined,
      level: undefined,
    });
  });

  it('prefers a flag to the environment, and the environment to nothing', async () => {
    const environment = {
      NORN_CLIENTS: '5',
      NORN_ALLOWED_ORIGIN: 'http://a, http://b,',
      NORN_STRICT: 'true',
    };
    expect((await valuesOf([], environment)).values).toMatchObject({
      clients: 5,
      'allowed-origin': ['http://a', 'http://b'],
      strict: true,
    });
    expect((await valuesOf(['--clients', '6', '--allowed-origin', 'x'], environment)).values).toMatchObject({
      clients: 6,
      'allowed-origin': ['x'],
    });
  });

  it('takes a comma within parentheses as part of a value', async () => {
    const environment = { NORN_ALLOWED_ORIGIN: 'a=1:flap(read=2s,pause=5s),b=2' };
    expect((await valuesOf([], environment)).values).toMatchObject({
      'allowed-origin': ['a=1:flap(read=2s,pause=5s)', 'b=2'],
    });
  });

  it('prefers a switch that is off to an environment where it is on', async () => {
    expect((await valuesOf(['--strict=false'], { NORN_STRICT: 'true' })).values).toMatchObject({
      strict: false,
    });
  });

  it('collects a repeatable flag in order', async () => {
    const line = await valuesOf(['--allowed-origin', 'b', '--allowed-origin', 'a']);
    expect(line.values['allowed-origin']).toEqual(['b', 'a']);
  });

  it.each([
    [['--cleints', '3'], '--cleints: no such option; did you mean --clients?'],
    [['-x'], '-x: no such option (see norn-sample --help)'],
    [['--no-strict'], '--no-strict: no such option'],
    [['--clients'], '--clients: needs a value: N'],
    [['--clients', '0'], '--clients: expected a whole number from 1 to 100, got "0"'],
    [['--clients', '1e1'], '--clients: expected a whole number from 1 to 100, got "1e1"'],
    [['--clients', '1', '--clients', '2'], '--clients: expected one value, got 2'],
    [['--grace', '2h'], '--grace: expected 0 ms to 60 s, got "2h"'],
    [['--grace', 'soon'], '--grace: "soon" is not a duration'],
    [['--level', 'all'], '--level: expected one of must, should, got "all"'],
    [['--token='], '--token: expected a value, got an empty text'],
    [['--strict=maybe'], '--strict: expected no value, got "maybe"'],
    [['a', 'b'], 'b: unexpected argument (usage: norn-sample [URL] [options])'],
  ])('answers %j with one line', async (argv, message) => {
    const mistake = await parse(argv).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(mistake).toBeInstanceOf(UsageError);
    expect((mistake as UsageError).message).toContain(message);
    expect((mistake as UsageError).message).not.toContain('\n');
  });

  it('says why it has no option of another program', async () => {
    const unsuited = { fault: 'a sample takes no faults' };
    await expect(parseCommandLine({ ...SPEC, unsuited }, ['--fault', 'x'], {})).rejects.toThrow(
      '--fault: a sample takes no faults',
    );
  });

  it('names the variable when a value from the environment is bad', async () => {
    await expect(parse([], { NORN_CLIENTS: 'many' })).rejects.toThrow(
      'NORN_CLIENTS: expected a whole number from 1 to 100, got "many"',
    );
  });

  it('shows help of at most 100 columns, with every option, example and exit code, and no yargs types', async () => {
    const line = await parse(['--clients', 'nonsense', '--help']);
    if (line.kind !== 'print') throw new Error('no help');
    for (const name of Object.keys(SPEC.options)) expect(line.text).toContain(`--${name}`);
    expect(line.text).toContain('a sample run');
    expect(line.text).toContain('130');
    expect(line.text).not.toMatch(/\[(string|boolean)\]/);
    for (const row of line.text.split('\n')) expect(row.length).toBeLessThanOrEqual(100);
  });

  it('lays out usage, commands, groups of options, exit codes and examples', async () => {
    const spec = {
      ...SPEC,
      options: { token: text('Secret', 'TOKEN'), quiet: { ...flag('Print nothing'), group: 'Output:' } },
      commands: [['report', 'render earlier results']],
      exitCodes: [[0, 'passed']],
    } satisfies CommandSpec<OptionTable>;
    const line = await parseCommandLine(spec, ['-h'], {});
    expect(line.kind === 'print' && line.text.split('\n')).toEqual([
      'norn-sample [URL] [options]',
      '',
      'A sample.',
      '',
      'Commands (norn-sample COMMAND --help lists its options):',
      '  report     render earlier results',
      '',
      'Options:',
      '  --token    TOKEN  Secret',
      '  --help     Show this help',
      '  --version  Show the version',
      '',
      'Output:',
      '  --quiet  Print nothing',
      '',
      'Shell completion:',
      `  eval "$(norn-sample completion bash)"   (or zsh), in your shell's start-up file`,
      '',
      'Exit codes:',
      '  0    passed',
      '',
      'Examples:',
      '  norn-sample',
      '      a sample run',
    ]);
  });

  it('understands an earlier name of a choice, and lists only the present one', async () => {
    const { values } = await valuesOf(['--reporter', 'table', '--reporter', 'json']);
    expect(values.reporter).toEqual(['terminal', 'json']);
    await expect(parse(['--reporter', 'xml'])).rejects.toThrow('expected one of terminal, json, got "xml"');
  });

  it('prints the version of the package', async () => {
    expect(await parse(['--version'])).toMatchObject({
      kind: 'print',
      text: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });
});
