// Finds the built file of one of the kit's programs. Child processes run plain JavaScript, so a caller that itself
// runs from src/ (a test) must start the file in dist/ that was built from the sibling it names.
import { fileURLToPath } from 'node:url';

const packageRoot = new URL('../../../', import.meta.url).href;

/**
 * Path of the JavaScript to start for `moduleUrl`, which a caller makes with
 * `new URL('../../cli/hub.ts', import.meta.url)`: the same call works from src/ and from dist/.
 */
export function programFile(moduleUrl: URL): string {
  if (!moduleUrl.href.startsWith(packageRoot)) throw new Error(`${moduleUrl.href} is not in this package`);
  const inPackage = moduleUrl.href.slice(packageRoot.length);
  const built = inPackage.replace(/^src\//, 'dist/').replace(/\.ts$/, '.js');
  return fileURLToPath(new URL(built, packageRoot));
}
