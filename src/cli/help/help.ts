// What `--help` prints: usage, commands, options by group, exit codes, and examples last. Rendered from the options alone,
// so that it appears before the parser and the work of a command are loaded.
import { EXIT_CODE_MEANINGS } from '../exit-code.ts';
import type { CommandSpec, OptionTable } from '../options/command-line.ts';
import { flag, type Option } from '../options/option.ts';
import { wrapText } from './wrap-text.ts';

const COLUMNS = 100;
const DEFAULT_GROUP = 'Options:';

/** What every command takes besides its own options. */
export const GENERAL_OPTIONS = {
  help: flag('Show this help'),
  version: flag('Show the version'),
} as const;

export function renderHelp(spec: CommandSpec<OptionTable>): string {
  const isWholeProgram = !spec.program.includes(' ');
  return [
    ...wrapText(`${spec.program} ${spec.usage}`, COLUMNS),
    '',
    ...wrapText(spec.describe, COLUMNS),
    ...listCommands(spec),
    ...listOptions({ ...spec.options, ...GENERAL_OPTIONS }),
    ...(isWholeProgram ? completionNote(spec.program) : []),
    ...listExitCodes(spec),
    ...listExamples(spec),
  ].join('\n');
}

export function describeOption({ placeholder, describe, bareValue }: Option<unknown>): string {
  if (placeholder === '') return describe;
  return `${bareValue === undefined ? placeholder : `[=${placeholder}]`}  ${describe}`;
}

function listCommands({ program, commands = [] }: CommandSpec<OptionTable>): string[] {
  if (commands.length === 0) return [];
  const lines = commands.map(([name, summary]) => `  ${name.padEnd(10)} ${summary}`);
  return ['', `Commands (${program} COMMAND --help lists its options):`, ...lines];
}

/** Groups in the order of their first options. */
function listOptions(options: OptionTable): string[] {
  const groups = new Map<string, [name: string, option: Option<unknown>][]>();
  for (const [name, option] of Object.entries(options)) {
    const group = option.group ?? DEFAULT_GROUP;
    groups.set(group, [...(groups.get(group) ?? []), [name, option]]);
  }
  return [...groups].flatMap(([group, members]) => ['', group, ...listGroup(members)]);
}

/** Two columns: the names, and beside them what each option does. */
function listGroup(members: readonly (readonly [name: string, option: Option<unknown>])[]): string[] {
  const width = '  --  '.length + Math.max(...members.map(([name]) => name.length));
  return members.flatMap(([name, option]) =>
    wrapText(describeOption(option), COLUMNS - width).map(
      (line, at) => `${(at === 0 ? `  --${name}` : '').padEnd(width)}${line}`,
    ),
  );
}

function completionNote(program: string): string[] {
  return [
    '',
    'Shell completion:',
    `  eval "$(${program} completion bash)"   (or zsh), in your shell's start-up file`,
  ];
}

function listExitCodes({ exitCodes = EXIT_CODE_MEANINGS }: CommandSpec<OptionTable>): string[] {
  return ['', 'Exit codes:', ...exitCodes.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`)];
}

function listExamples({ examples }: CommandSpec<OptionTable>): string[] {
  return ['', 'Examples:', ...examples.flatMap(([command, effect]) => [`  ${command}`, `      ${effect}`])];
}
