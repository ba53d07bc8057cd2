// A connection of raw bytes as a reader of the window, from the answer 101 on: a hub broadcasts to it like to any client.
import { createMessageReader } from '../../../wire/message-reader.ts';
import { parseResponseHead } from '../../../wire/opening-handshake.ts';
import type { SharedWindow, WindowReader } from './shared-window.ts';

export interface RawReader {
  read(bytes: Uint8Array): void;
  leave(): void;
}

const SWITCHING = 101;

export function createRawReader(eventWindow: SharedWindow): RawReader {
  const messages = createMessageReader();
  let head = Buffer.alloc(0);
  let isHeadRead = false;
  let windowReader: WindowReader | undefined;

  function readHead(bytes: Uint8Array): void {
    head = Buffer.concat([head, bytes]);
    const parsed = parseResponseHead(head);
    isHeadRead = parsed.kind !== 'incomplete';
    if (parsed.kind !== 'complete' || parsed.response.status !== SWITCHING) return;
    windowReader = eventWindow.addReader();
    readMessages(head.subarray(parsed.headBytes));
  }

  function readMessages(bytes: Uint8Array): void {
    for (const event of messages.read(bytes))
      if (event.kind === 'text' || event.kind === 'binary') windowReader?.sawMessage(event.payload);
      else if (event.kind === 'close' || event.kind === 'fault') windowReader?.leave();
  }

  return {
    read(bytes) {
      if (!isHeadRead) readHead(bytes);
      else if (windowReader !== undefined) readMessages(bytes);
    },
    leave: () => windowReader?.leave(),
  };
}
