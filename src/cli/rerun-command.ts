// The command line that repeats a run: what was typed, without what chose checks and reports, quoted for a shell.

/** `dropped` names the flags that take a value and are left out; `switches` those without one. */
export function rerunCommand(
  program: string,
  argv: readonly string[],
  dropped: readonly string[],
  switches: readonly string[],
): string {
  const kept: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] as string;
    const [name = '', value] = word.split(/=(.*)/s);
    if (switches.includes(name)) continue;
    if (!dropped.includes(name)) kept.push(word);
    else if (value === undefined) at++;
  }
  return [program, ...kept.map(quote)].join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
