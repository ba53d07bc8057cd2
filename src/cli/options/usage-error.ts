// A mistake of the user, in one line: it ends the program with exit code 2.
export class UsageError extends Error {}
