// Robustness: handshakes are read one after the other on the accepting thread, so that one client which sends half of
// its own lets nobody else in.
import type { Defect } from '../defect.ts';

export const halfHandshakeBlocks: Defect = {
  id: 'half-handshake-blocks',
  bugClass: 'B01',
  summary: 'while one client has sent half a handshake, nobody else can connect',
  severity: 'critical',
  namedBy: { 'robustness.garbage-survived': 'fail' },
  change: () => ({}),
  createGate() {
    const waiting: (() => void)[] = [];
    let isBusy = false;
    const next = (): void => {
      isBusy = false;
      waiting.shift()?.();
    };
    return (socket, speakHttp) => {
      const serve = (): void => {
        isBusy = true;
        let isDone = false;
        const finish = (): void => {
          if (isDone) return;
          isDone = true;
          next();
        };
        let head = '';
        socket.on('data', (chunk: Buffer) => {
          if (isDone) return;
          head += chunk.toString('latin1');
          if (head.includes('\r\n\r\n')) finish();
        });
        socket.once('close', finish);
        speakHttp();
      };
      if (isBusy) waiting.push(serve);
      else serve();
      return true;
    };
  },
};
