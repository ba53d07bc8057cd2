// What the library's functions reject with when it is not the hub that is wrong. Everything a hub does wrong is in a
// result; anything else that is thrown is a bug of the kit.

/**
 * - `BAD_OPTION`: an option is not of its form, contradicts another, or names a host that is not this machine.
 * - `TARGET_FAILED`: the hub could not be reached or started; nothing was measured.
 * - `AGENTS_FAILED`: the agents could not be had: the NATS server cannot be used, they are too few, or they lack what the run needs.
 */
export type KitErrorCode = 'BAD_OPTION' | 'TARGET_FAILED' | 'AGENTS_FAILED';

export class KitError extends Error {
  readonly code: KitErrorCode;

  constructor(code: KitErrorCode, message: string) {
    super(message);
    this.name = 'KitError';
    this.code = code;
  }
}
