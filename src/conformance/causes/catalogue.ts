// Causes that make several checks fail at once, in the words of someone who would fix them. A cause is present when its
// decisive check fails; checks that fail as its consequence are folded below it. The first cause that fits takes them.

import type { Cause } from './cause.ts';
import {
  EVERYTHING,
  NEEDS_EVENTS,
  NEEDS_EVENTS_OR_CLIENTS,
  NOT_ABOUT_FRAMES,
  QUEUED,
  WITH_LARGE_EVENTS,
  WITH_STALLED_CLIENTS,
} from './follows.ts';
import { HANDSHAKE_CAUSES } from './handshake-causes.ts';

export const CAUSES: readonly Cause[] = [
  ...HANDSHAKE_CAUSES,
  {
    id: 'events-unreadable',
    sentence: 'Clients receive no event that they can read',
    decisive: ['envelope.fields', 'envelope.text-messages', 'envelope.legal-frames'],
    together: ['origin.absent-allowed', 'delivery.every-client-once-in-order'],
    follows: NEEDS_EVENTS,
  },
  {
    // Servers whose library shows the Origin only after it has sent the 101.
    id: 'origin-refused-late',
    sentence: 'The hub completes the handshake of foreign origins, though it sends them no events',
    decisive: ['origin.foreign-refused'],
    passed: ['origin.refusal-has-no-effect'],
    follows: /^origin\./,
  },
  {
    id: 'any-origin',
    sentence: 'The hub accepts foreign origins: any website can listen',
    decisive: ['origin.foreign-refused'],
    follows: /^origin\./,
  },
  {
    id: 'origin-compared-in-part',
    sentence: 'The hub compares a part of the Origin instead of the whole',
    decisive: ['origin.prefix-refused', 'origin.suffix-refused', 'origin.contains-refused'],
    follows: /^origin\.(prefix|suffix|contains|look-alikes|null)-refused$|^origin\.(extras-exact|generated)$/,
  },
  {
    id: 'refused-together',
    sentence: 'The hub refuses clients that connect at the same time',
    decisive: ['robustness.two-hundred-dials'],
    together: ['handshake.request-in-pieces', 'origin.defaults-allowed'],
    follows: /^(handshake|origin|envelope|lifecycle|measurement)\./,
  },
  {
    id: 'clients-left-out',
    sentence: 'Some connected clients are not served',
    decisive: ['delivery.many-from-one-address'],
    together: ['origin.local-hosts-allowed'],
    follows: EVERYTHING,
  },
  {
    id: 'registered-late',
    sentence: 'A client is registered some time after its 101: what is broadcast in between never reaches it',
    decisive: ['delivery.joined-soon'],
    passed: ['delivery.every-client-once-in-order'],
    follows: /^delivery\.newcomers-while-busy$|^measurement\.register-race$/,
  },
  {
    id: 'data-after-close',
    sentence: 'The hub sends data after its own Close',
    decisive: ['lifecycle.nothing-after-close'],
    shownBy: /the hub sent data after its Close/,
    follows: /^lifecycle\.nothing-after-close$/,
  },
  {
    id: 'slow-client-blocks-route',
    sentence: 'A client that stops reading blocks the broadcast route',
    decisive: ['slow-client.producers-unharmed'],
    shownBy:
      /had stopped reading, and (once disconnected|when the hub had disconnected it), the route answered again/,
    follows: WITH_STALLED_CLIENTS,
  },
  {
    id: 'slow-client-ends-route',
    sentence:
      'A client that stops reading ends the broadcast route: it answers no more, although the client is gone',
    decisive: ['slow-client.producers-unharmed'],
    shownBy: /had stopped reading; since then the route answers no more/,
    follows: WITH_STALLED_CLIENTS,
  },
  {
    id: 'hub-silent',
    sentence: 'The hub stops answering altogether: it is stopped or hangs',
    decisive: [],
    shownBy: /^(?!after ).*the hub does not answer the handshake of a new client either/s,
    follows: NEEDS_EVENTS_OR_CLIENTS,
  },
  {
    id: 'slow-route',
    sentence: 'The broadcast route is slow or stops answering, also while every client reads',
    decisive: [],
    shownBy: /^(?!after ).*: the route is slow/s,
    follows: /^slow-client\.(producers|others)-unharmed$/,
  },
  {
    id: 'old-events',
    sentence: 'New clients receive events from before they joined',
    decisive: ['delivery.no-history'],
    together: ['delivery.nobody-connected'],
    follows: new RegExp(`^(delivery\\.|slow-client\\.|${QUEUED})`),
  },
  {
    // Checks of slow clients fill queues with large events: they fail, too, although no slow client is the cause.
    id: 'large-events',
    sentence: 'Large events do not arrive as they were published, or events are lost after them',
    decisive: ['delivery.large-among-small'],
    together: ['slow-client.producers-unharmed'],
    passed: ['delivery.every-client-once-in-order', 'delivery.thousand-events-to-one'],
    follows: WITH_LARGE_EVENTS,
  },
  {
    id: 'slow-client-ends-others',
    sentence: 'When a client stops reading, the hub disconnects others that keep up',
    decisive: ['slow-client.producers-unharmed', 'slow-client.others-unharmed'],
    shownBy: /^client \w+ was disconnected at .*; client .* had stopped reading/s,
    follows: WITH_STALLED_CLIENTS,
  },
  {
    id: 'slow-client-stops-hub',
    sentence:
      'A client that stops reading stops the hub for everybody: the broadcast route blocks, or the hub dies',
    decisive: ['slow-client.producers-unharmed'],
    together: ['slow-client.others-unharmed'],
    follows: WITH_LARGE_EVENTS,
  },
  {
    id: 'events-lost-or-changed',
    sentence: 'Events are lost, repeated, reordered or changed on the way to clients that keep up',
    decisive: [
      'delivery.every-client-once-in-order',
      'delivery.thousand-events-to-one',
      'delivery.concurrent-producers',
    ],
    follows: new RegExp(
      `^(delivery\\.|envelope\\.|slow-client\\.|lifecycle\\.|measurement\\.|${QUEUED})|^robustness\\.${NOT_ABOUT_FRAMES}`,
    ),
  },
  {
    id: 'joining-and-leaving',
    sentence: 'Clients that come or go change what others receive',
    decisive: ['delivery.many-from-one-address', 'delivery.leavers-change-nothing'],
    follows: NEEDS_EVENTS_OR_CLIENTS,
  },
  {
    id: 'refusals-remembered',
    sentence: 'Refused connections change how the hub treats later ones',
    decisive: ['origin.refusal-has-no-effect'],
    together: ['origin.generated'],
    follows: /^origin\.|^lifecycle\.nothing-leaks$/,
  },
  {
    id: 'clients-unread-while-busy',
    sentence: 'The hub does not read from its clients while events flow',
    decisive: ['robustness.pings-under-load'],
    together: ['envelope.large-payload'],
    follows: /^(envelope|delivery|slow-client|robustness|model)\./,
  },
  {
    id: 'messages-merged',
    sentence: 'Messages that queue up are sent as one, or not as they were published',
    decisive: ['envelope.queued-not-merged', 'envelope.queued-not-mixed'],
    follows: new RegExp(`^(slow-client\\.(depth|fast-enough-is-kept|contiguous-prefix)|${QUEUED})`),
  },
  {
    id: 'eviction-harms-others',
    sentence: 'Clients that keep up suffer when a slow client is disconnected',
    decisive: ['slow-client.others-unharmed', 'slow-client.again-and-again'],
    follows: /^(slow-client|model)\./,
  },
  {
    id: 'never-evicted',
    sentence: 'Clients that stop reading are not disconnected when their buffer is full',
    decisive: ['slow-client.evicted'],
    follows: /^slow-client\.|^model\./,
  },
  {
    id: 'evicted-but-connected',
    sentence: 'Evicted clients keep their connection: the hub does not close the socket',
    decisive: ['slow-client.really-disconnected'],
    follows: /^slow-client\.(says-why|drip-is-disconnected|evicted|again-and-again)$|^model\./,
  },
  {
    id: 'buffer-depth',
    sentence: "A client's buffer does not hold the number of messages that the protocol says",
    decisive: ['slow-client.depth'],
    follows: /^slow-client\.|^model\./,
  },
  {
    id: 'values-changed',
    sentence: 'The hub changes values inside of events',
    decisive: [
      'envelope.numbers',
      'envelope.unicode',
      'envelope.unknown-fields',
      'envelope.nested-values',
      'envelope.documented-types',
    ],
    together: ['envelope.generated'],
    follows: /^envelope\./,
  },
  {
    id: 'illegal-frames',
    sentence: 'The hub takes illegal frames from clients, or does not survive them',
    decisive: ['robustness.unmasked-refused', 'robustness.reserved-opcodes-refused'],
    together: ['robustness.bad-control-refused', 'robustness.bad-continuation-refused'],
    follows: /^robustness\./,
  },
  {
    id: 'pings-unanswered',
    sentence: 'The hub does not answer Pings with the same bytes',
    decisive: ['robustness.pings-answered'],
    follows: /^robustness\.(odd-but-legal|ping)|^lifecycle\.silent-client/,
  },
  {
    // What the check itself expects may be fulfilled: the hub is gone, or stands still, after it.
    id: 'stopped-by-client',
    sentence: 'A client can stop the hub or its broadcast route',
    decisive: [],
    shownBy: /^after [a-z-]+\.[a-z-]+ the (hub|broadcast route)\b/,
    follows: /^$/,
  },
];
