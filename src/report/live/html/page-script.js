// The script of the live page, put into it as it is: puts what the program says over the WebSocket into the page, draws
// the points with uPlot (a global), and goes to the report when the run has ended.

const RETRY_MILLIS = 500;
const MOST_RETRIES = 2;
const number = new Intl.NumberFormat('en-US');
const $ = (selector) => document.querySelector(selector);
const $$ = (selector) => [...document.querySelectorAll(selector)];
const put = (element, text) => {
  if (element && element.textContent !== text) element.textContent = text;
};

const round = (value) => (value < 10 ? Number(value.toFixed(1)) : Math.round(value));
const WRITE = {
  micros(value) {
    if (value < 1e3) return `${Math.round(value)} µs`;
    return value < 1e6 ? `${round(value / 1e3)} ms` : `${round(value / 1e6)} s`;
  },
  count(value) {
    if (value < 1e4) return number.format(Math.round(value));
    return value < 1e6 ? `${round(value / 1e3)}k` : `${round(value / 1e6)}M`;
  },
};
const writeClock = (seconds) =>
  seconds < 120
    ? `${round(seconds)} s`
    : `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`;

/** Seconds between labels of the time axis. */
const WHOLE_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800];

const CHARTS = [
  { id: 'rate', write: WRITE.count, keys: ['deliveriesPerSecond'] },
  { id: 'latency', write: WRITE.micros, keys: ['p50Micros', 'p99Micros'] },
  { id: 'clients', write: WRITE.count, keys: ['connected', 'evicted'] },
];
/** All points of the last hour, and the number of the first of them. */
let points = [];
let offset = 0;
const MAX_POINTS = 3_600;
const drawn = new Map();

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function optionsOf({ keys, write }, width) {
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--grid'), width: 1 },
    ticks: { stroke: colour('--grid'), width: 1 },
    font: '11px system-ui, sans-serif',
  };
  return {
    width,
    height: 200,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: (_, low, high) => [low, Math.max(high, low + 10)] },
      y: { range: (_, __, high) => [0, high > 0 ? high * 1.1 : 1] },
    },
    axes: [
      { ...axis, space: 60, size: 30, incrs: WHOLE_STEPS, values: (_, splits) => splits.map(writeClock) },
      { ...axis, size: 58, values: (_, splits) => splits.map(write) },
    ],
    series: [
      {},
      ...keys.map((_, at) => ({ stroke: colour(`--series-${at}`), width: 2, points: { show: false } })),
    ],
  };
}

function valuesOf({ keys }) {
  return [
    points.map(({ atMillis }) => atMillis / 1e3),
    ...keys.map((key) => points.map((point) => point[key])),
  ];
}

function draw(chart) {
  const place = $(`#chart-${chart.id} .plot`);
  place.replaceChildren();
  drawn.get(chart)?.destroy();
  drawn.set(chart, new uPlot(optionsOf(chart, Math.max(240, place.clientWidth)), valuesOf(chart), place));
}

function addPoints(first, added) {
  if (first !== offset + points.length) {
    points = [];
    offset = first;
  }
  points = points.concat(added);
  if (points.length > MAX_POINTS) {
    offset += points.length - MAX_POINTS;
    points = points.slice(-MAX_POINTS);
  }
  if (added.length === 0) return;
  const last = points.at(-1);
  for (const chart of CHARTS) {
    drawn.get(chart)?.setData(valuesOf(chart));
    for (const [at, output] of $$(`#chart-${chart.id} output`).entries()) {
      const value = last[chart.keys[at]];
      put(output, value === null ? '-' : chart.write(value));
    }
  }
}

function showPhases(phases) {
  for (const [at, item] of $$('.phases li').entries()) {
    const { name, state, share, words } = phases[at];
    const track = item.querySelector('.track');
    const isOpen = state === 'running' && share === null;
    item.dataset.state = state;
    track.classList.toggle('open', isOpen);
    if (isOpen) track.removeAttribute('aria-valuenow');
    else track.setAttribute('aria-valuenow', String(Math.floor((share ?? 0) * 100)));
    track.setAttribute('aria-valuetext', `${name}: ${words || state}`);
    track.firstElementChild.style.width = isOpen ? '' : `${(share ?? 0) * 100}%`;
    put(item.querySelector('.words'), words);
  }
}

function show(message) {
  put($('#elapsed'), message.elapsed);
  put($('#status'), message.phase);
  for (const [at, tile] of $$('#figures > div').entries()) {
    const { name, value, isBad } = message.figures[at];
    put(tile.querySelector('dt'), name);
    put(tile.querySelector('dd'), value);
    tile.querySelector('dd').classList.toggle('bad', isBad === true);
  }
  showPhases(message.phases);
  for (const [row, line] of $$('#cohorts tbody tr').entries())
    for (const [at, cell] of [...line.cells].entries()) put(cell, message.cohorts[row]?.[at] ?? '');
  addPoints(message.firstPoint, message.points);
}

function over() {
  put($('#status'), 'the program has gone away: the run was stopped, and there is no report');
  $('.now').classList.add('over');
  document.title = 'Load test stopped';
}

function connect(retriesLeft) {
  const socket = new WebSocket(`ws://${location.host}/live`);
  let retries = retriesLeft;
  let hasEnded = false;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(data);
    retries = MOST_RETRIES;
    if (message.kind === 'state') show(message);
    else {
      hasEnded = true;
      location.replace(message.address);
    }
  });
  socket.addEventListener('close', () => {
    if (hasEnded) return;
    if (retries === 0) over();
    else setTimeout(() => connect(retries - 1), RETRY_MILLIS);
  });
}

for (const chart of CHARTS) draw(chart);
new ResizeObserver(() => {
  for (const [{ id }, plot] of drawn) {
    const width = Math.max(240, $(`#chart-${id} .plot`).clientWidth);
    if (plot.width !== width) plot.setSize({ width, height: 200 });
  }
}).observe($('main'));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => CHARTS.forEach(draw));
connect(MOST_RETRIES);
