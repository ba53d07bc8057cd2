// Which signals interrupt a run, and which end it at once.
import { afterEach, expect, it, vi } from 'vitest';
import { interruptOnSignal } from './interruption.ts';

afterEach(() => {
  vi.restoreAllMocks();
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
});

it('takes two signals of one moment for one, and ends the program at a later one', () => {
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  const said: string[] = [];
  let nowMicros = 0;
  const interruption = interruptOnSignal('norn', (text) => said.push(text), { nowMicros: () => nowMicros });
  process.emit('SIGTERM');
  nowMicros = 2_000;
  process.emit('SIGTERM');
  expect(interruption.aborted).toBe(true);
  expect(said).toHaveLength(1);
  expect(exit).not.toHaveBeenCalled();
  nowMicros = 1_000_000;
  process.emit('SIGINT');
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
});
