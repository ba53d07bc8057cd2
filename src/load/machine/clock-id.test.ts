// Two processes of one machine know that they read the same clock.
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readClockId } from './clock-id.ts';

it.skipIf(!existsSync('/proc/sys/kernel/random/boot_id'))(
  'is the same for all processes of a machine',
  () => {
    expect(readClockId()).toMatch(/^[0-9a-f]{16}$/);
    expect(readClockId()).toBe(readClockId());
  },
);
