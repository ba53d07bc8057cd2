// Every known-bad hub, in the order of their names.
import type { Defect } from './defect.ts';
import { anyDirectory } from './defects/any-directory.ts';
import { anyMethod } from './defects/any-method.ts';
import { anyOfTwoOrigins } from './defects/any-of-two-origins.ts';
import { anyOrigin } from './defects/any-origin.ts';
import { anyPath } from './defects/any-path.ts';
import { anyVersion } from './defects/any-version.ts';
import { appIdRenamed } from './defects/app-id-renamed.ts';
import { badCloseCodeEchoed } from './defects/bad-close-code-echoed.ts';
import { badContinuationAccepted } from './defects/bad-continuation-accepted.ts';
import { badControlAccepted } from './defects/bad-control-accepted.ts';
import { badEventBroadcast } from './defects/bad-event-broadcast.ts';
import { badEventKills } from './defects/bad-event-kills.ts';
import { badFrameCrashes } from './defects/bad-frame-crashes.ts';
import { badFrameDropsEveryone } from './defects/bad-frame-drops-everyone.ts';
import { badPongAccepted } from './defects/bad-pong-accepted.ts';
import { badUtf8Accepted } from './defects/bad-utf8-accepted.ts';
import { bareArray } from './defects/bare-array.ts';
import { binaryInsideTextAccepted } from './defects/binary-inside-text-accepted.ts';
import { binaryOpcode } from './defects/binary-opcode.ts';
import { binaryWhenLarge } from './defects/binary-when-large.ts';
import { blankOriginRefused } from './defects/blank-origin-refused.ts';
import { burstEvictsReaders } from './defects/burst-evicts-readers.ts';
import { clientDataKills } from './defects/client-data-kills.ts';
import { clientDataStopsReading } from './defects/client-data-stops-reading.ts';
import { clientTextRebroadcast } from './defects/client-text-rebroadcast.ts';
import { closeAfterDrain } from './defects/close-after-drain.ts';
import { closeAnswerOvertakesQueue } from './defects/close-answer-overtakes-queue.ts';
import { closeAnsweredLate } from './defects/close-answered-late.ts';
import { closeCodeChanged } from './defects/close-code-changed.ts';
import { closeNotEchoed } from './defects/close-not-echoed.ts';
import { closeOvertakesQueue } from './defects/close-overtakes-queue.ts';
import { coalesceArray } from './defects/coalesce-array.ts';
import { coalesceNewline } from './defects/coalesce-newline.ts';
import { compressedForAll } from './defects/compressed-for-all.ts';
import { compressedInNameOnly } from './defects/compressed-in-name-only.ts';
import { connectionQuota } from './defects/connection-quota.ts';
import { constantAcceptKey } from './defects/constant-accept-key.ts';
import { corrupt } from './defects/corrupt.ts';
import { corruptValue } from './defects/corrupt-value.ts';
import { countsIn32Bits } from './defects/counts-in-32-bits.ts';
import { crashAfterEviction } from './defects/crash-after-eviction.ts';
import { crashUnderChurn } from './defects/crash-under-churn.ts';
import { crashWhenVictimLeaves } from './defects/crash-when-victim-leaves.ts';
import { dataAfterClose } from './defects/data-after-close.ts';
import { deadlineSetTooLate } from './defects/deadline-set-too-late.ts';
import { deafWhileSending } from './defects/deaf-while-sending.ts';
import { diesInTheMiddle } from './defects/dies-in-the-middle.ts';
import { dropNewest } from './defects/drop-newest.ts';
import { dropOldest } from './defects/drop-oldest.ts';
import { dropRandom } from './defects/drop-random.ts';
import { dropsOneThenEvicts } from './defects/drops-one-then-evicts.ts';
import { duplicate } from './defects/duplicate.ts';
import { duplicateAfterRejoin } from './defects/duplicate-after-rejoin.ts';
import { echoToSender } from './defects/echo-to-sender.ts';
import { emptyAppIdOmitted } from './defects/empty-app-id-omitted.ts';
import { emptyOriginRefused } from './defects/empty-origin-refused.ts';
import { evictByBytes } from './defects/evict-by-bytes.ts';
import { evictDeadlock } from './defects/evict-deadlock.ts';
import { evictionAbortsFanOut } from './defects/eviction-aborts-fan-out.ts';
import { evictionOnlyHalfCloses } from './defects/eviction-only-half-closes.ts';
import { evictionSkipsNext } from './defects/eviction-skips-next.ts';
import { evictionTakesAMinute } from './defects/eviction-takes-a-minute.ts';
import { evictionWithoutClose } from './defects/eviction-without-close.ts';
import { evictsAllBehind } from './defects/evicts-all-behind.ts';
import { evictsOneEarly } from './defects/evicts-one-early.ts';
import { evictsOneLate } from './defects/evicts-one-late.ts';
import { exactConnectionToken } from './defects/exact-connection-token.ts';
import { executionIdRenamed } from './defects/execution-id-renamed.ts';
import { extraOriginsIgnored } from './defects/extra-origins-ignored.ts';
import { extrasReplaceDefaults } from './defects/extras-replace-defaults.ts';
import { failedStatusDropped } from './defects/failed-status-dropped.ts';
import { forgetWithoutClose } from './defects/forget-without-close.ts';
import { fragmentsUncounted } from './defects/fragments-uncounted.ts';
import { garbageHub } from './defects/garbage-hub.ts';
import { ghostClient } from './defects/ghost-client.ts';
import { greetsInWords } from './defects/greets-in-words.ts';
import { halfHandshakeBlocks } from './defects/half-handshake-blocks.ts';
import { halfPairEndsWriters } from './defects/half-pair-ends-writers.ts';
import { handshakeInOneRead } from './defects/handshake-in-one-read.ts';
import { headOfLineBlock } from './defects/head-of-line-block.ts';
import { heldForFirstClient } from './defects/held-for-first-client.ts';
import { herdRefused } from './defects/herd-refused.ts';
import { historyReplay } from './defects/history-replay.ts';
import { hostlessOrigin } from './defects/hostless-origin.ts';
import { htmlEscaped } from './defects/html-escaped.ts';
import { httpsLocalRefused } from './defects/https-local-refused.ts';
import { idOfOneByte } from './defects/id-of-one-byte.ts';
import { idReused } from './defects/id-reused.ts';
import { identityByAddress } from './defects/identity-by-address.ts';
import { identityByOrigin } from './defects/identity-by-origin.ts';
import { idleCut } from './defects/idle-cut.ts';
import { ignoresHalfClose } from './defects/ignores-half-close.ts';
import { infinityWritten } from './defects/infinity-written.ts';
import { ipv6OriginRefused } from './defects/ipv6-origin-refused.ts';
import { keepsEverySecond } from './defects/keeps-every-second.ts';
import { keyReadAsForm } from './defects/key-read-as-form.ts';
import { knownTypeRebroadcast } from './defects/known-type-rebroadcast.ts';
import { largeMissesLast } from './defects/large-misses-last.ts';
import { largeOvertaken } from './defects/large-overtaken.ts';
import { largePayloadCut } from './defects/large-payload-cut.ts';
import { largePayloadLost } from './defects/large-payload-lost.ts';
import { leaveLosesAnEvent } from './defects/leave-loses-an-event.ts';
import { lifetimeQuota } from './defects/lifetime-quota.ts';
import { lifetimeQuota500 } from './defects/lifetime-quota-500.ts';
import { lifetimeQuota1024 } from './defects/lifetime-quota-1024.ts';
import { listsMadeSets } from './defects/lists-made-sets.ts';
import { localPortCompared } from './defects/local-port-compared.ts';
import { lockoutAfterRefusals } from './defects/lockout-after-refusals.ts';
import { malformedOrigin } from './defects/malformed-origin.ts';
import { maskedFrames } from './defects/masked-frames.ts';
import { missingKeyAccepted } from './defects/missing-key-accepted.ts';
import { mojibake } from './defects/mojibake.ts';
import { muteHub } from './defects/mute-hub.ts';
import { namesInSmallLetters } from './defects/names-in-small-letters.ts';
import { nanBroadcast } from './defects/nan-broadcast.ts';
import { needsCredentials } from './defects/needs-credentials.ts';
import { neverEvict } from './defects/never-evict.ts';
import { neverPings } from './defects/never-pings.ts';
import { noPatience } from './defects/no-patience.ts';
import { noReadLimit } from './defects/no-read-limit.ts';
import { nobodyListeningFails } from './defects/nobody-listening-fails.ts';
import { nullHub } from './defects/null-hub.ts';
import { nullOrigin } from './defects/null-origin.ts';
import { nullsDropped } from './defects/nulls-dropped.ts';
import { numberPrecision } from './defects/number-precision.ts';
import { numbersAsText } from './defects/numbers-as-text.ts';
import { oddJsonKills } from './defects/odd-json-kills.ts';
import { oneReservedOpcodeAccepted } from './defects/one-reserved-opcode-accepted.ts';
import { openAfterClose } from './defects/open-after-close.ts';
import { orderDiffersByClient } from './defects/order-differs-by-client.ts';
import { orderKeptInSmallRooms } from './defects/order-kept-in-small-rooms.ts';
import { originAddressPrefix } from './defects/origin-address-prefix.ts';
import { originCheckedAfter101 } from './defects/origin-checked-after-101.ts';
import { originContains } from './defects/origin-contains.ts';
import { originEqualsHost } from './defects/origin-equals-host.ts';
import { originHeaderExactCase } from './defects/origin-header-exact-case.ts';
import { originIfBrowserSaysSo } from './defects/origin-if-browser-says-so.ts';
import { originLocalNetwork } from './defects/origin-local-network.ts';
import { originLoopbackRange } from './defects/origin-loopback-range.ts';
import { originPartOfListed } from './defects/origin-part-of-listed.ts';
import { originPrefix } from './defects/origin-prefix.ts';
import { originStartOfListed } from './defects/origin-start-of-listed.ts';
import { originSubdomain } from './defects/origin-subdomain.ts';
import { originSuffix } from './defects/origin-suffix.ts';
import { originWww } from './defects/origin-www.ts';
import { pathBelowAccepted } from './defects/path-below-accepted.ts';
import { payloadAsText } from './defects/payload-as-text.ts';
import { percentDecoded } from './defects/percent-decoded.ts';
import { pingUnanswered } from './defects/ping-unanswered.ts';
import { pingWaitsForMessage } from './defects/ping-waits-for-message.ts';
import { pingsIgnoredWhileBusy } from './defects/pings-ignored-while-busy.ts';
import { pingsWithoutDeadline } from './defects/pings-without-deadline.ts';
import { pongAsText } from './defects/pong-as-text.ts';
import { pongIntoBacklog } from './defects/pong-into-backlog.ts';
import { pongKills } from './defects/pong-kills.ts';
import { pongWithoutPayload } from './defects/pong-without-payload.ts';
import { postGap } from './defects/post-gap.ts';
import { progressConflated } from './defects/progress-conflated.ts';
import { publisherDrops } from './defects/publisher-drops.ts';
import { publisherDropsWhenFull } from './defects/publisher-drops-when-full.ts';
import { publisherWaits } from './defects/publisher-waits.ts';
import { publisherWaitsForLaggards } from './defects/publisher-waits-for-laggards.ts';
import { queueHalfAsLong } from './defects/queue-half-as-long.ts';
import { queueInherited } from './defects/queue-inherited.ts';
import { queueOf4096 } from './defects/queue-of-4096.ts';
import { queueSixteenFold } from './defects/queue-sixteen-fold.ts';
import { rateLimitsReaders } from './defects/rate-limits-readers.ts';
import { readsOnlySoMuch } from './defects/reads-only-so-much.ts';
import { refusedButListening } from './defects/refused-but-listening.ts';
import { refusedButOpen } from './defects/refused-but-open.ts';
import { registerLate } from './defects/register-late.ts';
import { registerRace } from './defects/register-race.ts';
import { registerStarved } from './defects/register-starved.ts';
import { reorder } from './defects/reorder.ts';
import { repeatsDropped } from './defects/repeats-dropped.ts';
import { reservedBitOnPingAccepted } from './defects/reserved-bit-on-ping-accepted.ts';
import { reservedBitSet } from './defects/reserved-bit-set.ts';
import { reservedBitsAccepted } from './defects/reserved-bits-accepted.ts';
import { reservedOpcodesAccepted } from './defects/reserved-opcodes-accepted.ts';
import { resetCrashes } from './defects/reset-crashes.ts';
import { secondEvictionDeadlock } from './defects/second-eviction-deadlock.ts';
import { sequentialSend } from './defects/sequential-send.ts';
import { sessionOutweighsOrigin } from './defects/session-outweighs-origin.ts';
import { sharedBuffer } from './defects/shared-buffer.ts';
import { sharedWriters } from './defects/shared-writers.ts';
import { shortPortsRefused } from './defects/short-ports-refused.ts';
import { silenceCut } from './defects/silence-cut.ts';
import { slowDrip } from './defects/slow-drip.ts';
import { slowForAll } from './defects/slow-for-all.ts';
import { statusRenamed } from './defects/status-renamed.ts';
import { stopsWithoutClose } from './defects/stops-without-close.ts';
import { tenthClientMute } from './defects/tenth-client-mute.ts';
import { terminalFirst } from './defects/terminal-first.ts';
import { textChoosesApp } from './defects/text-chooses-app.ts';
import { thirdEvictionDeadlock } from './defects/third-eviction-deadlock.ts';
import { timedBlock } from './defects/timed-block.ts';
import { timedBlockShort } from './defects/timed-block-short.ts';
import { tornFrame } from './defects/torn-frame.ts';
import { truthsFromText } from './defects/truths-from-text.ts';
import { twoWriters } from './defects/two-writers.ts';
import { typesInSmallLetters } from './defects/types-in-small-letters.ts';
import { undeadAfterStop } from './defects/undead-after-stop.ts';
import { unknownFieldsStripped } from './defects/unknown-fields-stripped.ts';
import { unknownTypesDropped } from './defects/unknown-types-dropped.ts';
import { unmaskedAccepted } from './defects/unmasked-accepted.ts';
import { unmaskedPongAccepted } from './defects/unmasked-pong-accepted.ts';
import { unparseableOrigin } from './defects/unparseable-origin.ts';
import { unregisterLeak } from './defects/unregister-leak.ts';
import { unrequestedExtension } from './defects/unrequested-extension.ts';
import { unrequestedSubprotocol } from './defects/unrequested-subprotocol.ts';
import { upgradesUnasked } from './defects/upgrades-unasked.ts';
import { utf8ByFragment } from './defects/utf8-by-fragment.ts';
import { webSchemesOnly } from './defects/web-schemes-only.ts';
import { wrongAcceptKey } from './defects/wrong-accept-key.ts';
import { yesHub } from './defects/yes-hub.ts';

export const DEFECTS: readonly Defect[] = [
  anyMethod,
  anyOfTwoOrigins,
  anyOrigin,
  anyPath,
  anyVersion,
  appIdRenamed,
  badCloseCodeEchoed,
  badContinuationAccepted,
  badControlAccepted,
  badEventBroadcast,
  badEventKills,
  badFrameCrashes,
  badFrameDropsEveryone,
  badPongAccepted,
  badUtf8Accepted,
  bareArray,
  binaryInsideTextAccepted,
  binaryOpcode,
  binaryWhenLarge,
  blankOriginRefused,
  burstEvictsReaders,
  clientDataKills,
  clientDataStopsReading,
  clientTextRebroadcast,
  closeAfterDrain,
  closeAnswerOvertakesQueue,
  closeAnsweredLate,
  closeCodeChanged,
  closeNotEchoed,
  closeOvertakesQueue,
  coalesceArray,
  coalesceNewline,
  compressedForAll,
  compressedInNameOnly,
  connectionQuota,
  constantAcceptKey,
  corruptValue,
  corrupt,
  crashAfterEviction,
  crashUnderChurn,
  crashWhenVictimLeaves,
  dataAfterClose,
  deadlineSetTooLate,
  deafWhileSending,
  diesInTheMiddle,
  dropNewest,
  dropOldest,
  dropRandom,
  duplicateAfterRejoin,
  dropsOneThenEvicts,
  duplicate,
  echoToSender,
  emptyAppIdOmitted,
  emptyOriginRefused,
  evictByBytes,
  evictDeadlock,
  evictionAbortsFanOut,
  evictionOnlyHalfCloses,
  evictionSkipsNext,
  evictionTakesAMinute,
  evictionWithoutClose,
  evictsOneEarly,
  evictsOneLate,
  exactConnectionToken,
  executionIdRenamed,
  extraOriginsIgnored,
  extrasReplaceDefaults,
  failedStatusDropped,
  forgetWithoutClose,
  fragmentsUncounted,
  garbageHub,
  ghostClient,
  greetsInWords,
  halfHandshakeBlocks,
  halfPairEndsWriters,
  handshakeInOneRead,
  headOfLineBlock,
  heldForFirstClient,
  herdRefused,
  historyReplay,
  hostlessOrigin,
  htmlEscaped,
  httpsLocalRefused,
  idOfOneByte,
  idReused,
  identityByAddress,
  identityByOrigin,
  idleCut,
  ignoresHalfClose,
  infinityWritten,
  ipv6OriginRefused,
  keepsEverySecond,
  keyReadAsForm,
  knownTypeRebroadcast,
  largeMissesLast,
  largeOvertaken,
  largePayloadCut,
  largePayloadLost,
  leaveLosesAnEvent,
  lifetimeQuota500,
  lifetimeQuota1024,
  lifetimeQuota,
  listsMadeSets,
  localPortCompared,
  lockoutAfterRefusals,
  maskedFrames,
  missingKeyAccepted,
  mojibake,
  muteHub,
  namesInSmallLetters,
  nanBroadcast,
  needsCredentials,
  neverEvict,
  neverPings,
  noPatience,
  noReadLimit,
  nobodyListeningFails,
  nullHub,
  nullOrigin,
  nullsDropped,
  numberPrecision,
  numbersAsText,
  oneReservedOpcodeAccepted,
  oddJsonKills,
  openAfterClose,
  orderDiffersByClient,
  orderKeptInSmallRooms,
  originAddressPrefix,
  originCheckedAfter101,
  originContains,
  originEqualsHost,
  originHeaderExactCase,
  originIfBrowserSaysSo,
  originLocalNetwork,
  originLoopbackRange,
  originPartOfListed,
  originPrefix,
  originStartOfListed,
  originSubdomain,
  originSuffix,
  originWww,
  pathBelowAccepted,
  payloadAsText,
  percentDecoded,
  pingUnanswered,
  pingWaitsForMessage,
  pingsIgnoredWhileBusy,
  pingsWithoutDeadline,
  pongAsText,
  pongIntoBacklog,
  pongKills,
  pongWithoutPayload,
  postGap,
  publisherDropsWhenFull,
  publisherDrops,
  publisherWaitsForLaggards,
  publisherWaits,
  queueHalfAsLong,
  queueInherited,
  queueOf4096,
  queueSixteenFold,
  rateLimitsReaders,
  readsOnlySoMuch,
  refusedButListening,
  refusedButOpen,
  registerLate,
  registerRace,
  registerStarved,
  reorder,
  repeatsDropped,
  reservedBitOnPingAccepted,
  reservedBitSet,
  reservedBitsAccepted,
  reservedOpcodesAccepted,
  resetCrashes,
  secondEvictionDeadlock,
  sequentialSend,
  sessionOutweighsOrigin,
  sharedBuffer,
  sharedWriters,
  shortPortsRefused,
  slowDrip,
  slowForAll,
  statusRenamed,
  stopsWithoutClose,
  tenthClientMute,
  terminalFirst,
  textChoosesApp,
  thirdEvictionDeadlock,
  timedBlockShort,
  timedBlock,
  tornFrame,
  twoWriters,
  typesInSmallLetters,
  undeadAfterStop,
  unknownFieldsStripped,
  unknownTypesDropped,
  unmaskedAccepted,
  unmaskedPongAccepted,
  unparseableOrigin,
  unregisterLeak,
  unrequestedExtension,
  unrequestedSubprotocol,
  upgradesUnasked,
  utf8ByFragment,
  webSchemesOnly,
  wrongAcceptKey,
  yesHub,
  anyDirectory,
  countsIn32Bits,
  evictsAllBehind,
  malformedOrigin,
  progressConflated,
  silenceCut,
  truthsFromText,
];
