// One line of a log that GitHub Actions shows as an annotation.

import { visibleText } from './visible-text.ts';

export type AnnotationLevel = 'error' | 'warning' | 'notice';

/** The runner also obeys `##[error]…`, anywhere in a line. */
export function withoutLegacyCommands(text: string): string {
  return text.replaceAll('##[', '\\u0023#[');
}

/** Nothing in title or message ends the line or starts another command. */
export function annotate(level: AnnotationLevel, title: string, message: string): string {
  const property = encode(title).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${level} title=${property}::${encode(message)}`;
}

function encode(text: string): string {
  return withoutLegacyCommands(visibleText(text))
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}
