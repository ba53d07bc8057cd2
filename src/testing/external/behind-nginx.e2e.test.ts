// The kit through examples/nginx: TLS, eight hundred clients, stalled ones among them. Hub, nginx and kit run in a network
// namespace of their own, where kernels hold little, so that pressure is megabytes and not gigabytes.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConformanceResult } from '../../conformance/result.ts';
import type { LoadtestResult } from '../../load/result/result.ts';
import { programFile } from '../../target/spawn/program-file.ts';
import { untilDecided } from '../defect-tests/until-decided.ts';
import { createTestCertificates, type TestCertificates } from '../tls/test-certificates.ts';

const source = (path: string) => programFile(new URL(path, import.meta.url));
const HUB = `${source('../../cli/hub.ts')} --port 8800`;
const NEVER_EVICTS = `${source('../programs/run-defect.ts')} never-evict --port 8800`;
const CONFORMANCE = source('../../cli/conformance.ts');
const LOADTEST = source('../../cli/loadtest.ts');
const EXAMPLE = fileURLToPath(new URL('../../../examples/nginx/nginx.conf', import.meta.url));
const URL_OF_NGINX = 'wss://localhost:8443/ws?token={token}';
/** An ingress that wants a token of each client, and none of whoever publishes. */
const GATE = `set $who "$uri:$arg_token";
      if ($who !~ "^(/ws:t-[0-9]+|/broadcast:|/stats:)$") { return 401; }`;
const CLIENTS = 800;
const STALLED = 20;
const TIMEOUT_MILLIS = 240_000;

/** As root, and as somebody who may be root in a namespace. */
const hasNamespaces = spawnSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up']).status === 0;
const hasNginx = spawnSync('nginx', ['-v']).status === 0;
const whyNot = [
  hasNginx ? '' : ' (skipped: needs nginx)',
  hasNamespaces ? '' : ' (skipped: needs unshare, iproute2 and the right to make network namespaces)',
].join('');

let certificates: TestCertificates;
beforeAll(() => {
  certificates = createTestCertificates();
  const { folder, server } = certificates;
  const conf = readFileSync(EXAMPLE, 'utf8')
    .replace('server.pem', server.cert)
    .replace('server.key', server.key)
    .replace('location / {', `location / {\n      ${GATE}`);
  writeFileSync(join(folder, 'nginx.conf'), conf);
  const rows = Array.from({ length: CLIENTS + STALLED }, (_, row) => `t-${1_000_000 + row}`);
  writeFileSync(join(folder, 'tokens.csv'), ['token', ...rows].join('\n'));
});
afterAll(() => certificates.remove());

/** Hub and nginx start, the kit's program runs, and all end with it. */
function behindNginx(hub: string, program: string, args: readonly string[]): Promise<number | null> {
  const { folder, ca } = certificates;
  const data = ['--client-data', join(folder, 'tokens.csv')];
  const words = [URL_OF_NGINX, '--ca', ca, ...data, ...args].map((word) => `'${word}'`).join(' ');
  const script = `
    exec 3<&0
    (cat <&3 >/dev/null; kill $$) & watch=$!
    ip link set lo up
    echo 4096 16384 65536 >/proc/sys/net/ipv4/tcp_wmem
    echo 4096 32768 131072 >/proc/sys/net/ipv4/tcp_rmem
    ${process.execPath} ${hub} >${folder}/hub.log 2>&1 & hub=$!
    nginx -p ${folder} -c nginx.conf -e stderr -g 'user root;' >${folder}/nginx.log 2>&1 & nginx=$!
    trap 'kill $hub $nginx $watch 2>/dev/null; wait' EXIT
    trap 'exit 1' TERM
    until [ -s ${folder}/hub.log ] && [ -s ${folder}/nginx.pid ]; do
      kill -0 $hub && kill -0 $nginx || exit 99
      sleep 0.05
    done
    ${process.execPath} ${program} ${words} >${folder}/out.txt 2>&1
  `;
  const child = spawn('unshare', ['-rn', 'sh', '-c', script], {
    // Whatever ends this process ends the input, and with it all of them.
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const { pid } = child;
  const timer = setTimeout(() => pid !== undefined && process.kill(-pid, 'SIGTERM'), TIMEOUT_MILLIS - 10_000);
  return new Promise((resolve) =>
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code);
    }),
  );
}

function outputFolder(name: string): string {
  const folder = join(certificates.folder, name);
  mkdirSync(folder);
  return folder;
}

const readJson = <T>(folder: string, file: string) =>
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;

async function load(hub: string, folder: string, args: readonly string[]): Promise<LoadtestResult> {
  const all = [...args, '--warmup', '500ms', '--rate', '10', '--quiet', '--output', folder];
  await untilDecided(
    () => behindNginx(hub, LOADTEST, all),
    (code) => code === 4,
  );
  return readJson<LoadtestResult>(folder, 'loadtest.json');
}

describe.skipIf(whyNot !== '')(`behind nginx${whyNot}`, () => {
  it('has no false alarm of the suite, and says what cannot be judged there', {
    timeout: TIMEOUT_MILLIS,
  }, async () => {
    const output = outputFolder('judged');
    const only = ['handshake', 'slow-client.depth', 'slow-client.evicted', 'origin.foreign-refused'];
    const skipped = ['slow-client.really-disconnected', 'measurement.client-buffer'];
    const checks = [...only, ...skipped].flatMap((id) => ['--only', id]);
    const args = [...checks, '--reporter', 'json', '--output', output];
    expect(await behindNginx(HUB, CONFORMANCE, args)).toBe(0);
    const { target, checks: results } = readJson<ConformanceResult>(output, 'conformance.json');
    expect(target.proxy).toMatch(/^nginx/);
    expect(results.filter(({ verdict }) => verdict !== 'pass').map(({ id }) => id)).toEqual([
      // The suite has credentials.
      'handshake.no-credentials',
      'handshake.upgrade-headers-required',
      'handshake.generated',
      ...skipped,
    ]);
  });

  it('gives the verdict that the hub itself gets: eight hundred clients with a token each kept, twenty stalled ones evicted', {
    timeout: TIMEOUT_MILLIS,
  }, async ({ skip }) => {
    const output = outputFolder('loaded');
    const cohort = `stall=${STALLED}:stall(after=3)`;
    const args = ['--clients', `${CLIENTS}`, '--cohort', cohort, '--duration', '3s'];
    const { verdict, thresholds, findings, ledger, cohorts, target } = await load(HUB, output, args);
    if (verdict === 'inconclusive') skip('three runs were inconclusive: this machine lacks the CPU time');
    // That the route is slow may be true of a busy machine.
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(thresholds.filter(({ ok }) => ok === false)).toEqual([]);
    expect(verdict).toBe('passed');
    expect(ledger).toMatchObject({ lost: 0, balanced: true });
    expect(cohorts).toMatchObject([{ open: CLIENTS }, { evicted: STALLED }]);
    expect(target.proxy).toMatch(/^nginx/);
    for (const file of readdirSync(output))
      expect(readFileSync(join(output, file), 'utf8'), file).not.toContain('t-1000');
  });

  it('finds a hub that evicts nobody', { timeout: TIMEOUT_MILLIS }, async () => {
    const output = outputFolder('never');
    const args = ['--clients', '5', '--cohort', 'stall=2:stall(after=3)', '--duration', '2s'];
    const { verdict, findings } = await load(NEVER_EVICTS, output, args);
    expect(verdict).toBe('failed');
    expect(findings.map(({ name }) => name)).toEqual(['not-evicted']);
    expect(findings[0]?.message).toMatch(/more than nginx\S* before the hub and the kernels hold/);
  });
});
