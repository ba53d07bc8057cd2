// Where a hub reports what it does. The program prints to stderr; a library user plugs in their own.

export interface Logger {
  info(message: string): void;
  warn(message: string): void;
}

export const SILENT_LOGGER: Logger = { info() {}, warn() {} };
