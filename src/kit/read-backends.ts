// How fast clients may be read, by name, apart from what reads them: `--help` shows them without loading it.

/** auto: a ring where the system allows it. */
export const READ_BACKENDS = ['auto', 'net', 'ring'] as const;
export type ReadBackend = (typeof READ_BACKENDS)[number];
