// Names of the clients of a check, for evidence.

/** A … Z, A1 … Z1 and so on. */
export function clientName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
}
