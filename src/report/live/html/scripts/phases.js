// The phases of the run: a bar each, and how far it is.
import { putText } from './put-text.js';

/** @import { LiveMessage } from '../../live-message.ts' */

/** @param {Extract<LiveMessage, { kind: 'state' }>['phases']} phases */
export function showPhases(phases) {
  for (const [at, item] of /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll('.phases li')
  ).entries()) {
    const phase = phases[at];
    const track = item.querySelector('.track');
    const bar = /** @type {HTMLElement | null} */ (track?.firstElementChild ?? null);
    if (!phase || !track || !bar) continue;
    const { name, state, share, words } = phase;
    const isOpenEnded = state === 'running' && share === null;
    item.dataset.state = state;
    track.classList.toggle('open', isOpenEnded);
    if (isOpenEnded) track.removeAttribute('aria-valuenow');
    else track.setAttribute('aria-valuenow', String(Math.floor((share ?? 0) * 100)));
    track.setAttribute('aria-valuetext', `${name}: ${words || state}`);
    bar.style.width = isOpenEnded ? '' : `${(share ?? 0) * 100}%`;
    putText(item.querySelector('.words'), words);
  }
}
