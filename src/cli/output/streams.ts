// stdout and stderr of a program. Everything printed loses its secrets and its power over the terminal and over the CI
// system that reads the log; only what this package draws or commands itself is written as it is.
import { SECRETS } from '../../kit/secrets.ts';
import { terminalText } from '../../report/format/terminal-text.ts';

type Stream = NodeJS.WriteStream;
type Write = Stream['write'];

/** How each guarded stream really writes. */
const RAW = new Map<Stream, Write>();

/** From now on `console` and `write` of these streams are guarded. */
export function guardStreams(streams: readonly Stream[] = [process.stdout, process.stderr]): void {
  for (const stream of streams) {
    if (RAW.has(stream)) continue;
    const write = stream.write.bind(stream) as Write;
    RAW.set(stream, write);
    stream.write = ((text: unknown, ...rest: []) =>
      write(
        (typeof text === 'string' ? terminalText(SECRETS.redact(text)) : text) as string,
        ...rest,
      )) as Write;
  }
}

/** Writes escape sequences or commands of this package. Text from elsewhere in it must be safe already. */
export function writeTrusted(stream: Stream, text: string): void {
  (RAW.get(stream) ?? stream.write.bind(stream))(SECRETS.redact(text));
}
