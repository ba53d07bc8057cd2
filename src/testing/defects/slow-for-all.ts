// B05 (everybody is late): every event lies 400 ms before it goes out. Nothing is lost; only latency shows it.
import type { Defect } from '../defect.ts';

export const slowForAll: Defect = {
  id: 'slow-for-all',
  bugClass: 'B05',
  summary: 'every event reaches every client 400 ms late',
  severity: 'high',
  namedBy: { 'delivery.prompt': 'warn' },
  change(hub, correct) {
    const due: { readonly text: string; readonly dueMicros: number }[] = [];
    const sendDue = (): void => {
      for (
        let next = due[0];
        next !== undefined && next.dueMicros <= hub.options.clock.nowMicros();
        next = due[0]
      ) {
        due.shift();
        void hub.accept(next.text);
      }
    };
    return {
      async publish(texts) {
        const dueMicros = hub.options.clock.nowMicros() + 400_000;
        for (const text of texts) due.push({ text, dueMicros });
        hub.options.clock.after(401, sendDue);
        return { status: 202, body: { accepted: texts.length } };
      },
      async stop() {
        for (const { text } of due.splice(0)) await hub.accept(text);
        await correct.stop();
      },
    };
  },
};
