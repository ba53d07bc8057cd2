// Changes of hooks that many defects share. Each function returns the `change` of one defect.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ReaderRules } from '../hub/frame-reader.ts';
import type { HookableHub } from '../hub/hookable-hub.ts';
import type { HubChange } from '../hub/hub-hooks.ts';

type Change = HubChange<HookableHub>;

/** Rewrites the event on its way to the wire. */
export const encodesAs =
  (rewrite: (text: string) => string): Change =>
  (_hub, correct) => ({ encode: (text) => correct.encode(rewrite(text)) });

/** Reads frames from clients by other rules. */
export const readsWith =
  (rules: Partial<ReaderRules>): Change =>
  (_hub, correct) => ({ readerRules: { ...correct.readerRules, ...rules } });

/** Edits the handshake request in place before it is validated, so that what was wrong with it is not seen. */
export const validatesAfter =
  (edit: (request: IncomingMessage) => void): Change =>
  (_hub, correct) => ({
    refuseHandshake(request) {
      edit(request);
      return correct.refuseHandshake(request);
    },
  });

/** Accepts some origins besides those that the rule allows. An absent Origin is the empty string. */
export const alsoAccepts =
  (isAccepted: (origin: string, request: IncomingMessage) => boolean): Change =>
  (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      correct.isOriginAllowed(values, request) || isAccepted(values[0] ?? '', request),
  });

/** Refuses some of the origins that the rule allows. An absent Origin is the empty string. */
export const alsoRefuses =
  (isRefused: (origin: string, request: IncomingMessage) => boolean): Change =>
  (_hub, correct) => ({
    isOriginAllowed: (values, request) =>
      !isRefused(values[0] ?? '', request) && correct.isOriginAllowed(values, request),
  });

/** Does something else than refuse handshakes whose origin the rule refuses. */
export const insteadOfRefusing =
  (act: (hub: HookableHub, request: IncomingMessage, socket: Duplex) => void): Change =>
  (hub, correct) => ({
    handleUpgrade(request, socket, head) {
      const values = request.headersDistinct.origin ?? [];
      if (hub.hooks.isOriginAllowed(values, request)) correct.handleUpgrade(request, socket, head);
      else act(hub, request, socket);
    },
  });
