// Checks that fail together: those that cannot pass without something, by their ids.

export const NEEDS_EVENTS =
  /^(envelope|delivery|slow-client|lifecycle|robustness|model|measurement)\.|^origin\.absent-allowed$/;
export const EVERYTHING = /./;
export const NEEDS_EVENTS_OR_CLIENTS =
  /^(origin|envelope|delivery|slow-client|lifecycle|model|measurement)\./;
export const NOT_ABOUT_FRAMES = '(half-a-frame-listens|pings-under-load|two-hundred-dials|garbage-survived)$';
export const QUEUED = 'envelope\\.queued-not-m\\w+|model\\.random-programs';
export const WITH_STALLED_CLIENTS = new RegExp(
  `^(slow-client\\.|${QUEUED}|envelope\\.(queued|large))|^lifecycle\\.nothing-after-close$`,
);
export const WITH_LARGE_EVENTS = new RegExp(
  `^(slow-client\\.|${QUEUED}|envelope\\.|delivery\\.|lifecycle\\.)|^robustness\\.${NOT_ABOUT_FRAMES}`,
);
