// What hubs send on raw connections (exchange.ts) after a 101, so that the rules of all connections hold for them, too.
import { createRecorder } from '../../session/recorder.ts';
import type { SeriesReader } from '../../session/series.ts';
import type { Exchange } from './exchange.ts';
import type { RuledConnection } from './frame-rules.ts';

export interface RawStreams {
  add(exchange: Exchange): void;
  /** As recorded by now. */
  read(): readonly RuledConnection[];
}

export function createRawStreams(series: SeriesReader): RawStreams {
  const streams: (() => Buffer)[] = [];
  return {
    add(exchange) {
      if (exchange.kind !== 'answer' || exchange.response.status !== 101) return;
      // With an extension, other bits and payloads are legal.
      if (exchange.response.headers['sec-websocket-extensions']) return;
      streams.push(exchange.bytesAfterHead);
    },
    read: () =>
      streams.map((bytes, at) => {
        const record = createRecorder({ series, judges: 'own', onControl: () => {} });
        record.read(bytes(), 0);
        return { name: `raw ${at + 1}`, isProvoking: false, record };
      }),
  };
}
