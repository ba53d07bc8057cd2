// The ways in which a producer may write one and the same request: HTTP leaves it a choice, and a hub takes all of them, or
// refuses openly.
import type { BroadcastOutcome } from '../../target.ts';

/** What a browser adds to the request of a page, such as its Origin. */
export type PageHeaders = Readonly<Record<string, string>>;

export interface RequestForm {
  /** As in "an event that is sent …". */
  readonly name: string;
  /** How many events it carries. */
  readonly events: number;
  /** Bytes of each event, where they matter; a hub may refuse them, and nobody is warned. */
  readonly eventBytes?: number | undefined;
  /** True: the request is the usual one, in another situation; a hub has no reason to refuse it. */
  readonly isUsual?: boolean | undefined;
  /** It is judged only where the hub has delivered all events of the form of this name. */
  readonly when?: string | undefined;
  /** True: it only shows whether the hub knows this form at all. */
  readonly isTrial?: boolean | undefined;
  /** The first so many of its events are sent by an ordinary producer, not by the page; default 0. */
  readonly ownEvents?: number | undefined;
  send(envelopeTexts: readonly string[], deadlineMillis: number): Promise<BroadcastOutcome>;
}
