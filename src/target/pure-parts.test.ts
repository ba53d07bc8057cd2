// The parts of the adapters that need no hub: commands, ready lines, bodies, headers and the loopback rule.
import { describe, expect, it } from 'vitest';
import { parseBroadcastHeader } from './http/broadcast-header.ts';
import { cutBatches, encodeBatch, encodeSingle, parseBodyTemplate } from './http/http-body.ts';
import { refuseNonLoopback } from './refuse-non-loopback.ts';
import { parseCommand } from './spawn/command-words.ts';
import { createLineSplitter, LastLines } from './spawn/output-lines.ts';
import { readReadyLine } from './spawn/ready-line.ts';

describe('parseCommand', () => {
  const words = (text: string) => {
    const command = parseCommand(text);
    return command.ok ? [command.value.file, ...command.value.args] : command.problem;
  };

  it.each([
    ['./hub --port 0', ['./hub', '--port', '0']],
    ['  hub   x ', ['hub', 'x']],
    [`'my hub' "a b" c\\ d`, ['my hub', 'a b', 'c d']],
    [`hub "say \\"hi\\"" ''`, ['hub', 'say "hi"', '']],
    [`hub pre'fix'"ed"`, ['hub', 'prefixed']],
    [`hub '$HOME | x'`, ['hub', '$HOME | x']],
    [`hub "C:\\path"`, ['hub', 'C:\\path']],
  ])('splits %j', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it.each(['cd /tmp && ./hub', 'PORT=1 ./hub', 'hub $PORT', 'hub "$PORT"', 'hub > log', 'hub *.json'])(
    'leaves %j to a shell',
    (text) => {
      expect(words(text)).toEqual(['/bin/sh', '-c', text]);
    },
  );

  it('says what is wrong', () => {
    expect(words(`hub 'open`)).toBe(`the command 'hub 'open' has a quote that is not closed`);
    expect(words('  ')).toBe('the command is empty');
  });
});

describe('readReadyLine', () => {
  it.each([
    'starting up',
    '{"level":"info","url":"http://elsewhere"}',
    '{"msg":"ready"}',
    '{broken',
    '[1]',
    '',
  ])('takes %j for log', (text) => {
    expect(readReadyLine(text)).toEqual({ kind: 'log' });
  });

  it('needs only a url', () => {
    expect(readReadyLine('{"url":"ws://127.0.0.1:1/ws"}')).toEqual({
      kind: 'ready',
      line: { url: 'ws://127.0.0.1:1/ws' },
    });
  });

  it.each([
    ['{"ready":true,"url":"127.0.0.1:1"}', 'url "127.0.0.1:1"'],
    ['{"url":"ws://h/ws","broadcastUrl":"/broadcast"}', 'broadcastUrl "/broadcast"'],
    ['{"url":"ws://h/ws","pid":"12"}', 'pid "12"'],
  ])('names the field that is wrong in %j', (text, part) => {
    const reading = readReadyLine(text);
    expect(reading.kind === 'bad' && reading.problem).toContain(part);
  });
});

describe('request bodies', () => {
  it('puts the event into a template, as JSON and as a string', () => {
    const template = parseBodyTemplate(
      '{"data":{{envelope}},"again":[{{envelope}}],"text":{{envelopeString}}}',
    );
    const event = '{"type":"t $& {{envelopeString}} \\"","appId":"","payload":{}}';
    if (!template.ok) throw new Error(template.problem);
    const body = JSON.parse(encodeSingle(event, template.value).text);
    expect(body).toEqual({ data: JSON.parse(event), again: [JSON.parse(event)], text: event });
  });

  it('refuses a template without a place for the event', () => {
    expect(parseBodyTemplate('{}')).toMatchObject({ ok: false });
  });

  it('writes a batch as one line for each event', () => {
    expect(encodeBatch(['{\r\n"a":1\n}', '{"b":2}']).text).toBe('{ "a":1 }\n{"b":2}');
  });

  it('cuts batches by size and by number, and never an event', () => {
    expect(cutBatches(['aa', 'bb', 'cc', 'dddddd', 'e'], 5, 9)).toEqual([
      ['aa', 'bb'],
      ['cc'],
      ['dddddd'],
      ['e'],
    ]);
    expect(cutBatches(['a', 'b', 'c'], 99, 2)).toEqual([['a', 'b'], ['c']]);
    expect(cutBatches([], 5, 9)).toEqual([]);
  });
});

describe('parseBroadcastHeader', () => {
  it('reads a name and a value', () => {
    expect(parseBroadcastHeader('Authorization:  Bearer a:b ')).toEqual({
      ok: true,
      value: ['Authorization', 'Bearer a:b'],
    });
  });

  it.each(['nothing', ': x', 'bad name: x', 'X: a\nb', 'Content-Length: 3'])('refuses %j', (text) => {
    expect(parseBroadcastHeader(text).ok).toBe(false);
  });
});

describe('output of a child process', () => {
  it('is cut into lines wherever the chunks end, inside a character too', () => {
    const lines: string[] = [];
    const split = createLineSplitter((line) => lines.push(line));
    const bytes = Buffer.from('é1\r\n\nz2\npartial');
    for (const byte of bytes) split(Buffer.of(byte));
    expect(lines).toEqual(['é1', '', 'z2']);
  });

  it('keeps the last lines within bounds', () => {
    const tail = new LastLines(2, 3);
    expect(tail.quote()).toBeUndefined();
    for (const line of ['one', '', 'two', 'threee']) tail.add(line);
    expect(tail.quote()).toBe('two | thr');
  });
});

describe('refuseNonLoopback', () => {
  it.each([
    'ws://localhost:1/ws',
    'ws://127.0.0.1/ws',
    'http://127.9.9.9',
    'ws://[::1]:1',
    'ws://[::ffff:127.0.0.1]',
  ])('lets %j through', (url) => {
    expect(refuseNonLoopback(url)).toEqual({ ok: true, value: url });
  });

  it.each([
    'ws://example.com/ws',
    'ws://10.0.0.1',
    'ws://localhost.evil.com',
    'ws://[::2]',
    'ws://0.0.0.0',
    'nothing',
  ])('refuses %j', (url) => {
    expect(refuseNonLoopback(url).ok).toBe(false);
  });

  it('obeys the user who says that the other machine is theirs', () => {
    expect(refuseNonLoopback('ws://example.com/ws', { isRemoteAllowed: true }).ok).toBe(true);
  });
});
