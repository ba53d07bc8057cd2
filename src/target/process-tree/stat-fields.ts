// The lines of /proc/PID/stat. Pure.

/** The unit of all CPU times under /proc: USER_HZ, 100 on every Linux that Node runs on. */
export const TICKS_PER_SECOND = 100;

/** The fields behind the name, the state first; none where the text is something else. */
export function fieldsAfterName(stat: string): readonly string[] {
  // The name is in brackets and may hold blanks and brackets itself.
  const close = stat.lastIndexOf(') ');
  return close < 0 ? [] : stat.slice(close + 2).split(' ');
}

/** User and system time of the process, then of its children that have ended, in ticks; none where the text is something else. */
export const cpuTicks = (stat: string): readonly number[] => fieldsAfterName(stat).slice(11, 15).map(Number);
