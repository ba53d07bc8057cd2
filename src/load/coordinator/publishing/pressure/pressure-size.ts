// What a hub takes of pressure: events and requests become smaller until it accepts them, and a hub that has too much to
// do is given time.

const LEAST_EVENT_BYTES = 256;
/** So often in a row pressure waits for a hub that answers 429 or an error of its own. */
const MAX_WAITS = 10;
const TOO_LARGE = 413;
const TOO_MANY = 429;

export interface PressureSize {
  readonly eventBytes: number;
  readonly eventsPerRequest: number;
  accepted(): void;
  /** What to do after a refusal: send less, wait and send the same, or end, because nothing smaller is left. */
  refused(status: number | undefined): 'smaller' | 'wait' | 'end';
}

export function createPressureSize(wantedBytes: number, wantedEvents: number): PressureSize {
  let [eventBytes, eventsPerRequest, waits] = [wantedBytes, wantedEvents, 0];

  function shrink(isTooLarge: boolean): 'smaller' | 'end' {
    if (!isTooLarge && eventsPerRequest > 1) eventsPerRequest = Math.floor(eventsPerRequest / 2);
    else eventBytes = Math.floor(eventBytes / 2);
    return eventBytes < LEAST_EVENT_BYTES ? 'end' : 'smaller';
  }

  return {
    get eventBytes() {
      return eventBytes;
    },
    get eventsPerRequest() {
      return eventsPerRequest;
    },
    accepted() {
      waits = 0;
    },
    refused(status) {
      const isBusy = status === TOO_MANY || (status !== undefined && status >= 500);
      if (!isBusy) return shrink(status === TOO_LARGE);
      return ++waits > MAX_WAITS ? 'end' : 'wait';
    },
  };
}
