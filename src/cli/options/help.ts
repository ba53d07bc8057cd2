// What `--help` prints: usage, commands, options by group, exit codes, and examples last.
import { EXIT_CODE_MEANINGS } from '../exit-code.ts';
import type { CommandSpec, OptionTable } from './command-line.ts';
import type { Option } from './option.ts';

export function describeOption({ placeholder, describe, bareValue }: Option<unknown>): string {
  if (placeholder === '') return describe;
  return `${bareValue === undefined ? placeholder : `[=${placeholder}]`}  ${describe}`;
}

export function listCommands(program: string, commands: CommandSpec<OptionTable>['commands'] = []): string {
  if (commands.length === 0) return '';
  const lines = commands.map(([name, summary]) => `  ${name.padEnd(10)} ${summary}`);
  return `\n\nCommands (${program} COMMAND --help lists its options):\n${lines.join('\n')}`;
}

/** `options` as yargs lays them out; below them what it would wrap: exit codes, and examples to copy. */
export function renderHelp(spec: CommandSpec<OptionTable>, options: string): string {
  const isWholeProgram = !spec.program.includes(' ');
  return [
    withoutTypes(options),
    ...(isWholeProgram ? [completionNote(spec.program)] : []),
    listExitCodes(spec.exitCodes),
    listExamples(spec.examples),
  ].join('\n\n');
}

function completionNote(program: string): string {
  return `Shell completion:\n  eval "$(${program} completion bash)"   (or zsh), in your shell's start-up file`;
}

function listExamples(examples: CommandSpec<OptionTable>['examples']): string {
  return ['Examples:', ...examples.map(([command, effect]) => `  ${command}\n      ${effect}`)].join('\n');
}

function listExitCodes(exitCodes: CommandSpec<OptionTable>['exitCodes'] = EXIT_CODE_MEANINGS): string {
  return [
    'Exit codes:',
    ...exitCodes.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`),
  ].join('\n');
}

/** The placeholder already says what belongs behind an option. */
function withoutTypes(help: string): string {
  return help.replaceAll(/\n? *\[(?:string|boolean)\]$/gm, '');
}
