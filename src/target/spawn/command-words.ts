// `--spawn 'CMD'` as a program and its arguments. Plain words are started without a shell, so that "command not found"
// comes from the system and the process id is the hub's own; anything that needs a shell gets one.
import { type Parsed, parsed, unparsed } from '../../units/parsed.ts';
import type { HubCommand } from './hub-process.ts';

const NEEDS_SHELL = /[|&;<>()$`*?[\]#~{}!\n]/;

export function parseCommand(text: string): Parsed<HubCommand> {
  const split = splitWords(text);
  if (split === undefined) return unparsed(`the command '${text}' has a quote that is not closed`);
  const [file, ...args] = split.words;
  if (file === undefined) return unparsed('the command is empty');
  const isPlain = !split.needsShell && !file.includes('=');
  return parsed(isPlain ? { file, args, text } : { file: '/bin/sh', args: ['-c', text], text });
}

interface Words {
  readonly words: readonly string[];
  readonly needsShell: boolean;
}

// One alternative for each way a stretch of text can be written: 'raw', "with \escapes", \x, or bare.
const PIECE = /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|(\s+)|([^\s'"\\]+)/y;

function splitWords(text: string): Words | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let needsShell = false;
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < text.length) {
    const match = PIECE.exec(text);
    if (match === null) return undefined;
    const [, raw, quoted, escaped, blank, bare] = match;
    if (blank !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    if (/[$`]/.test(quoted ?? '') || NEEDS_SHELL.test(bare ?? '')) needsShell = true;
    word = (word ?? '') + (raw ?? quoted?.replace(/\\([$`"\\\n])/g, '$1') ?? escaped ?? bare ?? '');
  }
  if (word !== undefined) words.push(word);
  return { words, needsShell };
}
