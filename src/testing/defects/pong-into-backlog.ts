// B19: a Pong is written at once, whether or not the connection has taken the frame before it whole. A client that reads
// as it comes leaves no frame half written; one that is behind gets the Pong inside an event.
import type { Defect } from '../defect.ts';
import { pongBetweenPieces } from '../hub/pong-between-pieces.ts';

/** Written once the one before it is taken. */
const PIECE_BYTES = 65_536;

export const pongIntoBacklog: Defect = {
  id: 'pong-into-backlog',
  bugClass: 'B19',
  summary: 'a client that is behind gets a Pong in the middle of an event',
  severity: 'high',
  namedBy: { 'robustness.pings-under-load': 'fail' },
  change: pongBetweenPieces(PIECE_BYTES, (client, piece, next) => {
    client.socket.write(piece, (error) => {
      if (!error) next();
    });
  }),
};
