// The anatomy of an eviction for terminals and Markdown: a sentence, and a bar of where its messages were.
import { describeAnatomy } from './describe-anatomy.ts';
import type { TypicalEviction } from './evicted-client.ts';

/** With its key it fits 80 columns. */
const BAR_CELLS = 40;
const CELLS = { read: '█', kernels: '▒', queued: '░', waited: ' ' } as const;
const KEY = '█ read  ▒ kernels  ░ hub queue';

/** With `isEndShown`, how its end showed is part of the sentence. */
export function anatomyLines(eviction: TypicalEviction, isEndShown: boolean): string[] {
  const { story, messages } = describeAnatomy(eviction);
  const total = Math.max(
    1,
    messages.reduce((sum, { size }) => sum + size, 0),
  );
  const bar = messages.map(({ kind, size }) => CELLS[kind].repeat(Math.round((size / total) * BAR_CELLS)));
  const end = isEndShown ? `; it saw ${eviction.how}` : '';
  return [`${eviction.who}: ${story}${end}`, `  ${bar.join('')}  ${KEY}`];
}
