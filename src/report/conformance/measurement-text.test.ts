// Measurements in words.
import { describe, expect, it } from 'vitest';
import { measurementName, measurementText } from './measurement-text.ts';

describe('measurementText', () => {
  it.each([
    ['clientBufferMessages', { value: 64, low: 64, high: 64 }, '64 messages'],
    ['clientBufferMessages', { value: 64, low: 63, high: 65 }, '64 messages (63 messages to 65 messages)'],
    ['burstToleranceMessages', { value: 2_000, low: 2_000 }, '2,000 messages or more'],
    ['registerRacePercent', { value: 3.333 }, '3.33 %'],
    ['inboundLimitBytes', { value: 65_536 }, '65,536 B (66 KB)'],
    [
      'inboundLimitBytes',
      { value: 8_388_608, low: 8_388_608, high: 8_400_000 },
      '8,388,608 B (8.4 MB; 8,388,608 B to 8,400,000 B)',
    ],
    ['kickMillis', { value: 1_004 }, '1 s'],
    ['originParser', { value: 'Go-A' }, 'Go-A'],
    ['somethingElse', { value: 7 }, '7'],
    ['kickMillis', { value: null, reason: 'nobody was kicked' }, 'not measured: nobody was kicked'],
    ['serverPingMillis', { value: null, low: 9_000, reason: 'none came' }, 'more than 9 s: none came'],
  ])('of %s %j is %s', (name, measurement, text) => {
    expect(measurementText(name, measurement)).toBe(text);
  });
});

describe('measurementName', () => {
  it('gives a known name in words, and any other without its unit', () => {
    expect(measurementName('kickMillis')).toBe('from overflow to disconnection');
    expect(measurementName('strangeThingBytes')).toBe('strange thing');
  });
});
