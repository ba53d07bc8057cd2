// Which hub a call is about, and how it is driven: the same choices as the flags of the programs.
import { startChosenTarget } from '../target/choose-target.ts';
import type { ReferenceOptions } from '../target/reference.ts';
import { refuseNonLoopback } from '../target/refuse-non-loopback.ts';
import type { Target } from '../target/target.ts';
import { parseTargetFlags } from '../target/target-flags.ts';
import { KitError } from './kit-error.ts';

/** Without any of these the reference hub is started on a free port. */
export interface HubUnderTest {
  /** Where clients connect, such as `ws://127.0.0.1:8800/ws`. */
  readonly url?: string | undefined;
  /** A command that starts the hub and prints a ready line; the kit ends what it starts. */
  readonly spawn?: string | undefined;
  /** A module that default-exports `createTarget`. */
  readonly adapter?: string | undefined;
  /** Where events are POSTed; default: `/broadcast` on the host of `url`. */
  readonly broadcastUrl?: string | undefined;
  /** Headers of those requests, each `Name: value`. */
  readonly broadcastHeader?: readonly string[] | undefined;
  /** A file: the body of those requests, with a place for the envelope. */
  readonly broadcastTemplate?: string | undefined;
  /** Only watch: nothing is broadcast. */
  readonly observe?: boolean | undefined;
  /** Process of a hub that the kit did not start, so that its memory and descriptors can be read. */
  readonly pid?: number | undefined;
  /** The hub is on another machine, and that is the caller's to load. */
  readonly allowRemoteTarget?: boolean | undefined;
}

/** Starts or reaches the hub, hands it to `work`, and closes it whatever happens. Rejects with KitError. */
export async function withHub<T>(
  hub: HubUnderTest,
  reference: ReferenceOptions,
  work: (target: Target) => Promise<T>,
): Promise<T> {
  const choice = parseTargetFlags(hub);
  if (!choice.ok) throw new KitError('BAD_OPTION', choice.problem);
  if (hub.url !== undefined) {
    const near = refuseNonLoopback(hub.url, hub.allowRemoteTarget);
    if (!near.ok) throw new KitError('BAD_OPTION', near.problem);
  }
  const start = await startChosenTarget(choice.value, reference);
  if (!start.ok) throw new KitError('TARGET_FAILED', start.problem);
  try {
    return await work(start.target);
  } finally {
    await start.target.close();
  }
}
