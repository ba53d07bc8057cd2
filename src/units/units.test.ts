// Quantities as people write them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDurationMillis, renderDurationMillis } from './duration.ts';
import { parseFactor, parsePerSecond } from './rate.ts';
import { parseBytesPerSecond, parseSizeBytes } from './size.ts';
import { suggest } from './suggest.ts';

describe('units', () => {
  it.each([
    ['250ms', 250],
    ['1.5s', 1_500],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['0', 0],
    [' 2 s ', 2_000],
  ])('reads the duration %s', (text, millis) => {
    expect(parseDurationMillis(text)).toEqual({ ok: true, value: millis });
  });

  it.each(['', '5', 'fast', '-1s', '5x', '1e3s', 's'])(
    'refuses the duration "%s" with an example',
    (text) => {
      expect(parseDurationMillis(text)).toMatchObject({
        ok: false,
        problem: expect.stringContaining('such as'),
      });
    },
  );

  it('reads sizes and rates', () => {
    expect(parseSizeBytes('4MiB')).toEqual({ ok: true, value: 4_194_304 });
    expect(parseSizeBytes('512')).toEqual({ ok: true, value: 512 });
    expect(parseBytesPerSecond('1KiB/s')).toEqual({ ok: true, value: 1_024 });
    expect(parseBytesPerSecond('1KiB').ok).toBe(false);
    expect(parsePerSecond('30/s')).toEqual({ ok: true, value: 30 });
    expect(parseFactor('10x')).toEqual({ ok: true, value: 10 });
    expect(parseFactor('0').ok).toBe(false);
  });

  it.each([parseDurationMillis, parseSizeBytes, parseBytesPerSecond, parsePerSecond, parseFactor])(
    'answers any text with a number that can be used, or with a problem (%o)',
    (parse) => {
      const digits = fc.stringMatching(/^\d{1,400}(\.\d{1,5})?$/);
      const unit = fc.constantFrom(
        '',
        'ms',
        'h',
        'MiB',
        'GiB/s',
        '/s',
        'x',
        'constructor',
        'toString',
        'valueOf',
      );
      const written = fc.tuple(digits, unit).map(([number, word]) => number + word);
      fc.assert(
        fc.property(fc.oneof(fc.string(), written), (text) => {
          const answer = parse(text);
          if (answer.ok) expect(answer.value >= 0 && Number.isFinite(answer.value)).toBe(true);
          else expect(answer.problem).not.toBe('');
        }),
      );
    },
  );

  it('refuses a duration that a timer cannot wait for', () => {
    expect(parseDurationMillis('576h')).toEqual({ ok: true, value: 2_073_600_000 });
    expect(parseDurationMillis('577h')).toMatchObject({
      ok: false,
      problem: expect.stringContaining('the longest is 576h'),
    });
  });

  it('reads sizes as whole bytes', () => {
    expect(parseSizeBytes('0.3KiB')).toEqual({ ok: true, value: 307 });
  });

  it.each([
    [59_400, '59.4 s'],
    [3_599_000, '59 min 59 s'],
    [3_599_900, '1 h 0 min'],
    [57_894_000, '16 h 5 min'],
    [86_400_000, '24 h 0 min'],
  ])('renders %d ms as %s', (millis, text) => {
    expect(renderDurationMillis(millis)).toBe(text);
  });

  it('renders any duration in few characters', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e8, noNaN: true }), (millis) => {
        expect(renderDurationMillis(millis).length).toBeLessThanOrEqual(13);
      }),
    );
  });

  it('finds the word that was meant', () => {
    expect(suggest('stal', ['fast', 'stall', 'trickle'])).toBe('stall');
    expect(suggest('zzzzzz', ['fast', 'stall'])).toBeUndefined();
  });
});
