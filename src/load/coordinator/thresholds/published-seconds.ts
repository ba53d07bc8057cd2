// What was published, second by second: how late events were sent, and how many the hub accepted. Kept as deliveries are, so that
// thresholds in time judge both alike.
import { createDeliveryRecorder, type DeliverySecond } from '../../../ledger/latency/delivery-recorder.ts';

export class PublishedSeconds {
  private readonly bySending = createDeliveryRecorder();
  private readonly byAcceptance = createDeliveryRecorder();

  sent(dueMicros: number, sentMicros: number, measuredFromMicros: number): void {
    this.bySending.measure(measuredFromMicros);
    this.bySending.tick(sentMicros);
    this.bySending.delivered(dueMicros, sentMicros);
  }

  accepted(events: number, answeredMicros: number): void {
    this.byAcceptance.tick(answeredMicros);
    for (let event = 0; event < events; event++) this.byAcceptance.delivered(answeredMicros, answeredMicros);
  }

  /** What has ended since the last call; all of it at the end of the run. */
  take(
    nowMicros: number,
    isLast: boolean,
  ): { sent: readonly DeliverySecond[]; accepted: readonly DeliverySecond[] } {
    const take = (recorder: ReturnType<typeof createDeliveryRecorder>) =>
      isLast ? recorder.takeLastSeconds() : recorder.takeEndedSeconds(nowMicros);
    return { sent: take(this.bySending), accepted: take(this.byAcceptance) };
  }
}
