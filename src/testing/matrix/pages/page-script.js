// Runs inside docs/kill-matrix.html: filters rows by words, columns by chapter, and says in a line below what the cell
// under the pointer means.
const words = document.getElementById('words');
const chapter = document.getElementById('chapter');
const shown = document.getElementById('shown');
const about = document.getElementById('about');
const hidden = document.head.appendChild(document.createElement('style'));
const checks = [...document.querySelectorAll('thead th[data-check]')].map((head) => head.dataset.check);
const FIRST_CELL = 2;

const MEANING = { f: 'fail', w: 'warn', s: 'not judged', e: 'error', u: 'not run', x: 'missed' };
const verdictOf = (cell) => MEANING[cell.classList[0]] ?? 'pass';
const isNamed = (cell) => cell.classList.contains('n') || cell.classList.contains('x');
const checkOf = (cell) => checks[cell.cellIndex - FIRST_CELL];

/** What the filter looks into: the name, class and description of the hub, and the checks that must catch it. */
const rows = [...document.querySelectorAll('tr[data-hub]')].map((row) => ({
  row,
  text: `${row.cells[0].textContent} ${[...row.querySelectorAll('.n, .x')].map(checkOf).join(' ')}`.toLowerCase(),
}));

function filterRows() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { row, text } of rows) {
    row.hidden = !wanted.every((word) => text.includes(word));
    if (!row.hidden) count += 1;
  }
  for (const group of document.querySelectorAll('tbody'))
    group.hidden = group.querySelector('tr[data-hub]:not([hidden])') === null;
  shown.textContent = `${count} of ${rows.length} hubs`;
}

function filterColumns() {
  const kept = checks.flatMap((id, at) => (id.startsWith(`${chapter.value}.`) ? [at] : []));
  const first = kept[0] + FIRST_CELL + 1;
  const last = kept.at(-1) + FIRST_CELL + 1;
  const outside = `:is(:nth-child(n + ${FIRST_CELL + 1}):nth-child(-n + ${first - 1}), :nth-child(n + ${last + 1}))`;
  hidden.textContent =
    chapter.value === ''
      ? ''
      : `tr[data-hub] > ${outside}, thead th${outside}, tfoot td${outside} { display: none; }`;
}

function explain({ target }) {
  const cell = target.closest('td, th');
  const row = cell?.closest('tr[data-hub]');
  if (!row) return;
  const hub = row.dataset.hub;
  const check = cell.tagName === 'TD' ? checkOf(cell) : undefined;
  if (check === undefined) about.textContent = `${hub}: ${row.querySelector('p').textContent}`;
  else
    about.textContent = `${hub}, ${check}: ${verdictOf(cell)}${isNamed(cell) ? ' (must catch this hub)' : ''}`;
}

words.addEventListener('input', filterRows);
chapter.addEventListener('change', filterColumns);
document.querySelector('table').addEventListener('pointerover', explain);
document.querySelector('table').addEventListener('click', explain);
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target === words) return;
  event.preventDefault();
  words.focus();
});
filterRows();
