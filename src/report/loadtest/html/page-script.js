// The script of loadtest.html, put into the page as it is: draws what chart.ts describes with uPlot (a global), keeps
// all charts in step, and lets mouse, finger and keyboard zoom, hover and hide series.

const data = JSON.parse(document.getElementById('page-data').textContent);
const number = new Intl.NumberFormat('en-US');
const drawn = [];
const hidden = new Set();
const overTime = data.charts.filter(({ kind }) => kind === 'time');
const lastSecond = Math.max(
  1,
  ...overTime.map(({ x }) => x.at(-1)),
  ...data.evictions.seconds.map((second) => second + 1),
);

const round = (value) => (value < 10 ? Number(value.toFixed(1)) : Math.round(value));
const WRITE = {
  micros(value) {
    if (value < 1e3) return `${Math.round(value)} µs`;
    if (value < 1e6) return `${round(value / 1e3)} ms`;
    return `${round(value / 1e6)} s`;
  },
  count: (value) => number.format(Math.round(value)),
  perSecond(value) {
    if (value < 1e4) return `${number.format(round(value))}/s`;
    return value < 1e6 ? `${round(value / 1e3)}k/s` : `${round(value / 1e6)}M/s`;
  },
  bytes: (value) => (value < 1e6 ? `${round(value / 1e3)} KB` : `${round(value / 1e6)} MB`),
  percent: (value) => `${round(value)} %`,
};
const writeClock = (seconds) =>
  seconds < 120
    ? `${round(seconds)} s`
    : `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`;
const writeNines = (nines) =>
  nines <= 0
    ? '0 %'
    : `${(100 - 100 * 10 ** -nines).toFixed(Math.max(0, Math.ceil(nines) - 2 + (nines % 1 ? 1 : 0)))} %`;
/** Seconds between labels of an axis over time. */
const WHOLE_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600];
/** From this width on, labels of percentiles have room for their sign. */
const ROOMY_PIXELS = 420;
/** From this width on, events of the scenario are named in the chart; the cursor names them in any. */
const ROOMY_FOR_EVENTS_PIXELS = 480;

/** Patterns of lines; the swatches of the legend have the same. */
const DASHES = [[], [5, 4], [2, 3], [9, 3, 2, 3]];

const style = () => getComputedStyle(document.documentElement);
const colour = (name) => style().getPropertyValue(name).trim();
const seriesColour = (index) => colour(`--series-${index}`);

const MARK_COLOUR = { phase: '--quiet', event: '--line', restart: '--fail' };

/** Marks and evictions, drawn over every chart over time. */
function markPlugin(chart) {
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

/** Lines from top to bottom; what happened is written beside them where there is room: phases above, events below. */
function drawMarks(plot) {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.textAlign = 'left';
  ctx.font = `${10 * ratio}px system-ui, sans-serif`;
  ctx.lineWidth = ratio;
  const free = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { atSeconds, label, kind } of data.marks) {
    const at = plot.valToPos(atSeconds, 'x', true);
    ctx.strokeStyle = colour(MARK_COLOUR[kind]);
    ctx.setLineDash(kind === 'event' ? [2 * ratio, 4 * ratio] : [5 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(at, bbox.top);
    ctx.lineTo(at, bbox.top + bbox.height);
    ctx.stroke();
    const row = kind === 'event' ? 1 : 0;
    if (row === 1 && bbox.width < ROOMY_FOR_EVENTS_PIXELS * ratio) continue;
    const left = at + 3 * ratio;
    const right = left + ctx.measureText(label).width;
    if (at <= free[row] || at < bbox.left || right > bbox.left + bbox.width) continue;
    const y = bbox.top + (11 + 12 * row) * ratio;
    // A rim in the colour behind it keeps it apart from the lines it stands on.
    ctx.setLineDash([]);
    ctx.lineWidth = 3 * ratio;
    ctx.strokeStyle = colour('--card');
    ctx.strokeText(label, left, y);
    ctx.lineWidth = ratio;
    ctx.fillStyle = colour(kind === 'restart' ? '--fail' : '--quiet');
    ctx.fillText(label, left, y);
    free[row] = right + 5 * ratio;
  }
  ctx.setLineDash([]);
}

/** A bar at the foot for each second with evictions, the taller the more. */
function drawEvictions(plot) {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const most = Math.max(1, ...data.evictions.counts);
  ctx.fillStyle = colour('--fail');
  for (const [index, second] of data.evictions.seconds.entries()) {
    const height = (4 + 10 * (data.evictions.counts[index] / most)) * ratio;
    const left = plot.valToPos(second + 0.5, 'x', true) - ratio;
    ctx.fillRect(left, bbox.top + bbox.height - height, 3 * ratio, height);
  }
}

// On a logarithmic axis only powers of ten are labelled, unless there are too few of them.
function logFilter(_plot, splits) {
  const tens = splits.filter((value) => value > 0 && Math.abs(Math.log10(value) % 1) < 1e-9);
  const isShown = (value) => (tens.length > 1 ? tens.includes(value) : /^[125]/.test(value.toExponential()));
  return splits.map((value) => (isShown(value) ? value : null));
}

function optionsOf(chart, width) {
  const write = WRITE[chart.unit];
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--grid'), width: 1 },
    ticks: { stroke: colour('--grid'), width: 1 },
    font: '11px system-ui, sans-serif',
  };
  const isTime = chart.kind === 'time';
  const sign = width < ROOMY_PIXELS ? '' : ' %';
  return {
    width,
    height: width < 500 ? 220 : 260,
    padding: [null, isTime ? null : 30, null, null], // half the last percentile's label
    legend: { show: false },
    cursor: {
      drag: { x: true, y: false },
      points: { size: 7 },
      ...(isTime ? { sync: { key: 'time', scales: ['x', null] } } : {}),
    },
    scales: {
      x: {
        time: false,
        range: (_, low, high) =>
          isTime && low === chart.x[0] && high === chart.x.at(-1) ? [0, lastSecond] : [low, high],
      },
      y: chart.isLog
        ? { distr: 3, range: (_, low, high) => (low > 0 ? uPlot.rangeLog(low, high, 10, false) : [1, 10]) }
        : { range: (_, __, high) => [0, high > 0 ? high * 1.1 : 1] },
    },
    axes: [
      {
        ...axis,
        space: isTime ? 60 : 44,
        size: 30,
        ...(isTime
          ? { incrs: WHOLE_STEPS }
          : {
              splits: (plot) =>
                [0, 1, 2, 3, 4, 5].filter((at) => at >= plot.scales.x.min && at <= plot.scales.x.max),
            }),
        values: (_, splits) =>
          splits.map((at) => (isTime ? writeClock(at) : writeNines(at).replace(' %', sign))),
      },
      {
        ...axis,
        size: 58,
        ...(chart.isLog ? { filter: logFilter } : {}),
        values: (_, splits) => splits.map((value) => (value === null ? '' : write(value))),
      },
    ],
    series: [
      {},
      ...chart.series.map((series) => ({
        show: !hidden.has(series.key),
        stroke: seriesColour(series.colour),
        width: series.dash === 0 ? 2 : 1.25,
        dash: DASHES[series.dash % DASHES.length],
        spanGaps: false,
        points: { show: false, filter: aloneIn, size: 5 },
      })),
    ],
    plugins: [markPlugin(chart)],
    hooks: { setCursor: [(plot) => readOut(chart, plot)] },
  };
}

/** Values without a neighbour make no line: they are drawn as points. */
function aloneIn(plot, at) {
  const values = plot.data[at];
  const isThere = (index) => values[index] !== null && values[index] !== undefined;
  return [...values.keys()].filter((index) => isThere(index) && !isThere(index - 1) && !isThere(index + 1));
}

/** Marks and evictions between this point of the axis and the next. */
function happenedAt(chart, idx) {
  const from = chart.x[idx];
  const to = chart.x[idx + 1] ?? from + 1;
  const isIn = (seconds) => seconds >= from && seconds < to;
  const labels = data.marks.filter(({ atSeconds }) => isIn(atSeconds)).map(({ label }) => label);
  const evicted = data.evictions.counts.filter((_, index) => isIn(data.evictions.seconds[index]));
  const total = evicted.reduce((sum, count) => sum + count, 0);
  return [...labels, ...(total > 0 ? [`${number.format(total)} evicted`] : [])];
}

function readOut(chart, plot) {
  const figure = document.getElementById(`chart-${chart.id}`);
  const { idx } = plot.cursor;
  const isOver = idx !== null && idx !== undefined;
  const at = isOver ? chart.x[idx] : null;
  figure.querySelector('.at').textContent = !isOver
    ? ''
    : chart.kind === 'time'
      ? [`at ${writeClock(at)}`, ...happenedAt(chart, idx)].join(', ')
      : `${writeNines(at)} within`;
  for (const value of figure.querySelectorAll('.legend output')) {
    const here = isOver ? chart.series[value.dataset.series].values[idx] : null;
    value.parentElement.hidden = here === null || here === undefined;
    value.textContent = value.parentElement.hidden ? '' : WRITE[chart.unit](here);
  }
}

function valuesOf(chart) {
  // A logarithmic axis has no place for 0.
  const clean = (values) => (chart.isLog ? values.map((value) => (value === 0 ? null : value)) : values);
  return [chart.x, ...chart.series.map(({ values }) => clean(values))];
}

function draw(chart) {
  const place = document.querySelector(`#chart-${chart.id} .plot`);
  place.replaceChildren();
  const plot = new uPlot(optionsOf(chart, Math.max(260, place.clientWidth)), valuesOf(chart), place);
  drawn.push({ chart, plot, place });
}

function drawAll() {
  for (const { plot } of drawn.splice(0)) plot.destroy();
  for (const chart of data.charts) draw(chart);
}

function sync(change) {
  for (const one of drawn) if (one.chart.kind === 'time') change(one);
}

function zoomTo(one, min, max) {
  const apply = ({ plot }) => plot.setScale('x', { min, max });
  if (one.chart.kind === 'time') sync(apply);
  else apply(one);
}

function reset(one) {
  if (one.chart.kind === 'time') zoomTo(one, 0, lastSecond);
  else zoomTo(one, one.chart.x[0], one.chart.x.at(-1));
}

function moveTo(one, x) {
  const move = ({ plot }) =>
    plot.setCursor({ left: plot.valToPos(x, 'x'), top: plot.over.clientHeight / 2 }, true, false);
  if (one.chart.kind === 'time') sync(move);
  else move(one);
}

function onKey(event, one) {
  const { plot, chart } = one;
  const { min, max } = plot.scales.x;
  const step = (max - min) / 8;
  if (event.key === '+' || event.key === '=') zoomTo(one, min + step, max - step);
  else if (event.key === '-')
    zoomTo(
      one,
      Math.max(0, min - step),
      Math.min(chart.kind === 'time' ? lastSecond : chart.x.at(-1), max + step),
    );
  else if (event.key === 'Escape' || event.key === '0') reset(one);
  else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
    const index = (plot.cursor.idx ?? -1) + (event.key === 'ArrowRight' ? 1 : -1);
    moveTo(one, chart.x[Math.min(chart.x.length - 1, Math.max(0, index))]);
  } else return;
  event.preventDefault();
}

function toggle(key) {
  if (!hidden.delete(key)) hidden.add(key);
  for (const button of document.querySelectorAll('.legend button'))
    if (button.dataset.key === key) button.setAttribute('aria-pressed', String(!hidden.has(key)));
  for (const { chart, plot } of drawn)
    for (const [index, series] of chart.series.entries())
      if (series.key === key) plot.setSeries(index + 1, { show: !hidden.has(key) });
}

for (const button of document.querySelectorAll('.legend button'))
  button.addEventListener('click', () => toggle(button.dataset.key));
for (const chart of data.charts) {
  const figure = document.getElementById(`chart-${chart.id}`);
  const find = () => drawn.find((one) => one.chart === chart);
  figure.querySelector('.reset').addEventListener('click', () => reset(find()));
  figure.querySelector('.plot').addEventListener('keydown', (event) => onKey(event, find()));
}
for (const button of document.querySelectorAll('button.copy'))
  button.addEventListener('click', async () => {
    await navigator.clipboard?.writeText(document.getElementById(button.dataset.from).textContent);
    button.textContent = 'copied';
  });

const fitWidth = (width) => {
  for (const { plot, place } of drawn) {
    const wanted = Math.max(260, width ?? place.clientWidth);
    if (plot.width !== wanted) plot.setSize({ width: wanted, height: wanted < 500 ? 220 : 260 });
  }
};
drawAll();
new ResizeObserver(() => fitWidth()).observe(document.querySelector('main'));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);

/** What a sheet of A4 leaves within the margins of browsers and of the page. */
const PAPER_PIXELS = 640;
let closedForPrint = [];
addEventListener('beforeprint', () => {
  fitWidth(PAPER_PIXELS);
  closedForPrint = [...document.querySelectorAll('details:not([open])')];
  for (const one of closedForPrint) one.open = true;
});
addEventListener('afterprint', () => {
  fitWidth();
  for (const one of closedForPrint) one.open = false;
});
document.documentElement.dataset.ready = 'true';
