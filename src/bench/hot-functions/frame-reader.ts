// The frame reader against the receiver of `ws`.
import * as ws from 'ws';
import { FrameStream } from '../../ledger/events/frame-stream.ts';
import type { FrameSink } from '../../ledger/events/message-assembler.ts';
import { READ } from './event-frames.ts';
import type { HotFunction } from './hot-function.ts';

/** Finds the frames of one read, and hands each over. */
export function frameReader(): HotFunction {
  let messages = 0;
  const sink: FrameSink = {
    onMessage() {
      messages++;
    },
    onControl() {},
    onFault(kind) {
      throw new Error(kind);
    },
  };
  const stream = new FrameStream(sink);
  const receiver = new (ws as unknown as WsInternals).Receiver({
    isServer: false,
    allowSynchronousEvents: true,
  });
  receiver.on('message', () => sink.onMessage(READ, 0, 0, false));
  const counted = (read: () => void) => (count: number) => {
    messages = 0;
    while (messages < count) read();
    return messages;
  };
  return {
    name: 'frame reader, a frame',
    ours: counted(() => {
      stream.feed(READ, 0, READ.length);
      while (stream.at < stream.end && stream.readFrame());
      stream.settle();
    }),
    baseline: 'Receiver of ws',
    theirs: counted(() => receiver.write(READ)),
    atMost: 0.2,
    failsAt: 1,
  };
}

interface WsInternals {
  readonly Receiver: new (options: object) => NodeJS.WritableStream;
}
