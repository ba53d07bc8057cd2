// Phases, rare events, restarts and evictions, drawn over every chart over time.
import { paletteColor } from '../../../page/scripts/chart-look.js';
import { pageData } from './page-data.js';

/** @import { Chart } from '../../charts/chart.ts' */

/** From this width on, events of the scenario are named in the chart; the cursor names them at any width. */
const ROOMY_FOR_EVENTS_PIXELS = 480;
const MARK_COLORS = {
  phase: '--quiet',
  event: '--line',
  restart: '--fail',
  fault: '--error',
  breach: '--fail',
};
/** Kinds whose names share a row, from the top. */
const ROWS = [['phase', 'restart'], ['fault'], ['breach'], ['event']];
const [FIRST_ROW_PIXELS, ROW_PIXELS] = [11, 12];
/** Opacity of what lasts. */
const BAND_ALPHA = 0.13;

/** @param {Chart} chart @returns {uPlot.Plugin} */
export function markPlugin(chart) {
  return {
    hooks: {
      draw: (plot) => {
        if (chart.kind !== 'time') return;
        const { ctx, bbox } = plot;
        ctx.save();
        ctx.beginPath();
        ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
        ctx.clip();
        drawMarks(plot);
        drawEvictions(plot);
        ctx.restore();
      },
    },
  };
}

/**
 * Lines from top to bottom first, then the names over them.
 * @param {uPlot} plot
 */
function drawMarks(plot) {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.lineWidth = ratio;
  for (const { atSeconds, untilSeconds = atSeconds, kind } of pageData.marks) {
    const at = plot.valToPos(atSeconds, 'x', true);
    ctx.strokeStyle = paletteColor(MARK_COLORS[kind]);
    if (untilSeconds > atSeconds) {
      ctx.globalAlpha = BAND_ALPHA;
      ctx.fillStyle = ctx.strokeStyle;
      ctx.fillRect(at, bbox.top, plot.valToPos(untilSeconds, 'x', true) - at, bbox.height);
      ctx.globalAlpha = 1;
    }
    ctx.setLineDash(dashOf(kind).map((length) => length * ratio));
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  drawNames(plot);
}

/** @param {keyof typeof MARK_COLORS} kind */
function dashOf(kind) {
  if (kind === 'fault' || kind === 'breach') return [];
  return kind === 'event' ? [2, 4] : [5, 3];
}

/**
 * Where there is room: phases and restarts above, what else there is in rows below.
 * @param {uPlot} plot
 */
function drawNames(plot) {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const hasRoomForEvents = bbox.width >= ROOMY_FOR_EVENTS_PIXELS * ratio;
  ctx.textAlign = 'left';
  ctx.font = `${10 * ratio}px system-ui, sans-serif`;
  const rows = ROWS.filter((kinds) => pageData.marks.some(({ kind }) => kinds.includes(kind)));
  /** Where each row is free from. */
  const free = rows.map(() => Number.NEGATIVE_INFINITY);
  for (const { atSeconds, label, kind } of pageData.marks) {
    if (kind === 'event' && !hasRoomForEvents) continue;
    const row = rows.findIndex((kinds) => kinds.includes(kind));
    const at = plot.valToPos(atSeconds, 'x', true);
    const left = at + 3 * ratio;
    const right = left + ctx.measureText(label).width;
    if (at <= (free[row] ?? 0) || at < bbox.left || right > bbox.left + bbox.width) continue;
    drawName(ctx, label, left, bbox.top + (FIRST_ROW_PIXELS + row * ROW_PIXELS) * ratio, kind);
    free[row] = right + 5 * ratio;
  }
}

/**
 * A rim in the color of the card keeps the name apart from the lines it stands on.
 * @param {CanvasRenderingContext2D} ctx @param {string} name @param {number} left @param {number} top
 * @param {keyof typeof MARK_COLORS} kind
 */
function drawName(ctx, name, left, top, kind) {
  const ratio = devicePixelRatio;
  ctx.lineWidth = 3 * ratio;
  ctx.strokeStyle = paletteColor('--card');
  ctx.strokeText(name, left, top);
  ctx.lineWidth = ratio;
  ctx.fillStyle = paletteColor(kind === 'event' ? '--quiet' : MARK_COLORS[kind]);
  ctx.fillText(name, left, top);
}

/**
 * A bar at the foot for each second with evictions, the taller the more.
 * @param {uPlot} plot
 */
function drawEvictions(plot) {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const { seconds, counts } = pageData.evictions;
  const most = Math.max(1, ...counts);
  ctx.fillStyle = paletteColor('--fail');
  for (const [index, second] of seconds.entries()) {
    const height = (4 + 10 * ((counts[index] ?? 0) / most)) * ratio;
    const left = plot.valToPos(second + 0.5, 'x', true) - ratio;
    ctx.fillRect(left, bbox.top + bbox.height - height, 3 * ratio, height);
  }
}
