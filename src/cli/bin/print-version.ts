// --version at the cost of reading package.json. `--help` wins over it, as in the programs themselves.
import { kitVersion } from '../../kit/kit-version.ts';

/** True when the command line asks for the version, which is then printed. */
export function printVersion(argv: readonly string[]): boolean {
  if (!argv.includes('--version') || argv.includes('--help') || argv.includes('-h')) return false;
  console.log(kitVersion());
  return true;
}
