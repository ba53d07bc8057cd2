// The parser of one command, and its completions. The only place that knows yargs.
import yargs from 'yargs';
import { describeOption, GENERAL_OPTIONS } from '../help/help.ts';
import type { CommandSpec, OptionTable } from './command-line.ts';
import { UsageError } from './usage-error.ts';

export function createParser(spec: CommandSpec<OptionTable>) {
  const parser = yargs([])
    .scriptName(spec.program)
    .parserConfiguration({
      'camel-case-expansion': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
      'boolean-negation': false,
    })
    .exitProcess(false)
    .help(false)
    .version(false)
    .fail((message: string) => {
      throw new UsageError(inFlagTerms(spec, message));
    });
  for (const [name, option] of Object.entries({ ...spec.options, ...GENERAL_OPTIONS })) {
    parser.option(name, {
      describe: describeOption(option), // shown by the completion of zsh
      ...(option.placeholder === '' ? { boolean: true } : { string: true, requiresArg: true }),
      ...(option.isRepeatable ? { array: false } : {}),
    });
  }
  return parser;
}

/** yargs names an option without its dashes, and does not name the value that it needs. */
function inFlagTerms(spec: CommandSpec<OptionTable>, message: string): string {
  const name = /^Not enough arguments following: (.+)$/.exec(message)?.[1] ?? '';
  const option = Object.hasOwn(spec.options, name) ? spec.options[name] : undefined;
  return option ? `--${name}: needs a value: ${option.placeholder}` : message;
}
