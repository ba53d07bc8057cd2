// The doctor says what each limit means for clients, workers and hubs, and the command that changes it.
import { describe, expect, it } from 'vitest';
import { parsePorts } from '../../../wire/address/local-ports.ts';
import { examineClients, examineDescriptors, examinePorts, examineTimeWait } from './examine-limits.ts';

const usual = parsePorts('32768\t60999', '');

describe('descriptors', () => {
  it('are counted for each worker and each hub', () => {
    expect(examineDescriptors(20_000)).toEqual({
      name: 'descriptors',
      found:
        '20,000 per process: 19,900 clients for each worker (--workers auto starts as many as needed) and for each hub; the coordinator takes about 100',
      advice: '',
    });
    expect(examineDescriptors(1_024).advice).toBe('run ulimit -n 20000 before you start, for 10,000 clients');
  });

  it('limit one hub, and several less', () => {
    expect(examineClients({ descriptors: 20_000, availableBytes: 64e9 }).found).toBe(
      'about 19,900, with the hub on this machine; limited by descriptors of the hub; several hubs have as many each',
    );
  });
});

describe('ports', () => {
  it('are those of the range that are not reserved', () => {
    expect(parsePorts('32768 60999', '8080,32770,60990-61010\n')).toEqual({
      first: 32_768,
      last: 60_999,
      reserved: 11,
    });
    expect(examinePorts(parsePorts('32768 60999', '40000-40999')).found).toMatch(
      /^27,232 from one address to one hub \(32768 to 60999, 1,000 of them reserved\)/,
    );
  });

  it('are to be widened where they are few', () => {
    expect(examinePorts(parsePorts('60000 60999', '')).advice).toBe(
      "run sysctl -w net.ipv4.ip_local_port_range='10000 65535'",
    );
  });
});

describe('TIME_WAIT', () => {
  it('is bounded, and no trouble where ports may be taken again', () => {
    expect(examineTimeWait(usual, { sockets: 312, most: 131_072, reuse: 'loopback' })).toEqual({
      name: 'TIME_WAIT',
      found:
        '312 connections that are over, of at most 131,072; new connections on loopback may take their ports',
      advice: '',
    });
    expect(examineTimeWait(usual, { sockets: 20_000, most: 131_072, reuse: 'everywhere' }).advice).toBe('');
  });

  it('comes with a command where it holds most ports', () => {
    expect(examineTimeWait(usual, { sockets: 20_000, most: 131_072, reuse: 'nowhere' }).advice).toContain(
      'sysctl -w net.ipv4.tcp_tw_reuse=1',
    );
  });
});
