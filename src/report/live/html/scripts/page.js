// The script of the live page: shows what the program says over the WebSocket, and goes to the report when the run has
// ended.

import { followThePage } from '../../../page/scripts/chart-look.js';
import { addPoints, drawLiveCharts, fitLiveCharts } from './live-charts.js';
import { showPhases } from './phases.js';
import { putText } from './put-text.js';

/** @import { LiveMessage } from '../../live-message.ts' */

const RETRY_MILLIS = 500;
const MAX_RETRIES = 2;

/** @param {Extract<LiveMessage, { kind: 'state' }>} message */
function showState(message) {
  putText(document.querySelector('#elapsed'), message.elapsed);
  putText(document.querySelector('#status'), message.phase);
  putText(document.querySelector('#fault'), message.fault);
  for (const [at, tile] of document.querySelectorAll('#figures > div').entries()) {
    const figure = message.figures[at];
    if (!figure) continue;
    putText(tile.querySelector('dt'), figure.name);
    putText(tile.querySelector('dd'), figure.value);
    tile.querySelector('dd')?.classList.toggle('bad', figure.isBad === true);
  }
  showPhases(message.phases);
  showRows('#cohorts', message.cohorts);
  showRows('#agents', message.agents);
  addPoints(message.firstPoint, message.points);
}

/** @param {string} section @param {readonly (readonly string[])[]} rows */
function showRows(section, rows) {
  for (const [row, line] of document.querySelectorAll(`${section} tbody tr`).entries())
    for (const [at, cell] of line.querySelectorAll('td').entries()) putText(cell, rows[row]?.[at] ?? '');
}

function showStopped() {
  putText(
    document.querySelector('#status'),
    'the program has gone away: the run was stopped, and there is no report',
  );
  document.querySelector('.now')?.classList.add('over');
  document.title = 'Load test stopped';
}

/** @param {number} retriesLeft */
function connect(retriesLeft) {
  const socket = new WebSocket(`ws://${location.host}/live`);
  let retries = retriesLeft;
  let hasEnded = false;
  socket.addEventListener('message', ({ data }) => {
    const message = /** @type {LiveMessage} */ (JSON.parse(data));
    retries = MAX_RETRIES;
    if (message.kind === 'state') showState(message);
    else {
      hasEnded = true;
      location.replace(message.address);
    }
  });
  socket.addEventListener('close', () => {
    if (hasEnded) return;
    if (retries === 0) showStopped();
    else setTimeout(() => connect(retries - 1), RETRY_MILLIS);
  });
}

drawLiveCharts();
followThePage(fitLiveCharts, drawLiveCharts);
connect(MAX_RETRIES);
