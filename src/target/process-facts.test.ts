// What /proc tells, read of this very process and of one that is not there.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findListener, readDescriptorLimit, readProcessResources } from './process-facts.ts';

const NOBODY = 999_999_999;

describe.skipIf(process.platform !== 'linux')('what /proc tells', () => {
  it('is memory, CPU time and descriptors of a process', async () => {
    const facts = await readProcessResources(process.pid);
    const { user, system } = process.cpuUsage();
    expect(facts?.rssBytes).toBeGreaterThan(process.memoryUsage().rss / 2);
    expect(facts?.rssBytes).toBeLessThan(process.memoryUsage().rss * 2);
    expect(facts?.dataBytes).toBeGreaterThan(process.memoryUsage().heapUsed);
    expect(facts?.cpuSeconds).toBeLessThanOrEqual((user + system) / 1_000_000 + 0.1);
    expect(facts?.descriptors).toBeGreaterThan(3);
  });

  it('is the limit of descriptors', async () => {
    expect(await readDescriptorLimit('self')).toBeGreaterThanOrEqual(64);
  });

  it('is who listens on a port, over IPv4 and IPv6', async () => {
    const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
      all?.some(({ address }) => address === '::1'),
    );
    for (const host of hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1']) {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, host, resolve));
      const { port } = server.address() as { port: number };
      expect(await findListener({ host, port }, [process.ppid, process.pid])).toBe(process.pid);
      expect(await findListener({ host, port }, [process.ppid])).toBeUndefined();
      await new Promise((resolve) => server.close(resolve));
      expect(await findListener({ host, port }, [process.pid])).toBeUndefined();
    }
  });

  it('is who listens on a Unix socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'norn-facts-'));
    const socketPath = join(folder, 'a b.sock');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    expect(await findListener({ socketPath }, [process.ppid, process.pid])).toBe(process.pid);
    expect(await findListener({ socketPath: join(folder, 'a') }, [process.pid])).toBeUndefined();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  it('is nothing of a process that is not there', async () => {
    expect(await readProcessResources(NOBODY)).toBeUndefined();
    expect(await readDescriptorLimit(NOBODY)).toBeUndefined();
  });
});
