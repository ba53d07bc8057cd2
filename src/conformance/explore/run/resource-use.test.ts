// What counts as kept by the hub: clients exactly, descriptors and memory beyond what a runtime may keep.
import { describe, expect, it } from 'vitest';
import { compareUse, type HubUse, uncounted } from './resource-use.ts';

const use = (changes: Partial<HubUse> = {}): HubUse => ({
  clients: 1,
  descriptors: 20,
  mebibytes: 80,
  connected: 0,
  ...changes,
});

describe('what a hub keeps', () => {
  it('is nothing where clients that stay account for it', () => {
    const now = use({ clients: 4, descriptors: 23, connected: 3 });
    expect(compareUse(use(), use(), now)).toEqual({
      extraClients: 0,
      extraDescriptors: 0,
      extraMebibytes: 0,
    });
  });

  it('is each client that is not connected', () => {
    expect(compareUse(use(), use({ clients: 4, connected: 3 }), use({ clients: 2 })).extraClients).toBe(1);
  });

  it('is what one program leaves, and what all leave little by little', () => {
    expect(compareUse(use(), use(), use({ descriptors: 40 })).extraDescriptors).toBe(4);
    expect(compareUse(use(), use({ descriptors: 84 }), use({ descriptors: 90 })).extraDescriptors).toBe(6);
    expect(compareUse(use(), use(), use({ mebibytes: 80 + 512 + 7 })).extraMebibytes).toBe(7);
    const grown = use({ mebibytes: 80 + 2_048 });
    expect(compareUse(use(), grown, use({ mebibytes: 80 + 2_048 + 3 })).extraMebibytes).toBe(3);
  });

  it('is less than nothing where it does not count all who are connected', () => {
    expect([
      uncounted(use({ clients: 3, connected: 3 })),
      uncounted(use({ clients: 9, connected: 3 })),
    ]).toEqual([1, 0]);
    expect(uncounted(use({ clients: undefined }))).toBeUndefined();
  });

  it('is not known where the hub does not say it', () => {
    const unknown = use({ clients: undefined, descriptors: undefined, mebibytes: undefined });
    expect(compareUse(unknown, unknown, unknown)).toEqual({
      extraClients: undefined,
      extraDescriptors: undefined,
      extraMebibytes: undefined,
    });
  });
});
