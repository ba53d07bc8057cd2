// A first word that is neither a command nor anything else that a program takes: reported with the command it may mean.
import { suggest } from '../../units/suggest.ts';
import { UsageError } from './usage-error.ts';

/** Throws UsageError for a bare word; `otherwise` says what may stand there besides a command. */
export function refuseUnknownCommand(first: string, names: readonly string[], otherwise: string): void {
  if (!/^[a-z-]+$/.test(first) || first.startsWith('-') || names.includes(first)) return;
  const meant = suggest(first, names);
  throw new UsageError(
    `${first}: no such command${meant ? `; did you mean ${meant}?` : ` (commands: ${names.join(', ')}; or name ${otherwise})`}`,
  );
}
