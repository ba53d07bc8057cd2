// The script of pages with a filter: shows items by verdict, group, words, and where hubs differ; keys / and Esc; opens
// the item that the address names, and opens what is shown before printing.
import { openDetailsForPrint } from './print.js';

const form = /** @type {HTMLFormElement} */ (document.getElementById('filter'));
const wordsInput = /** @type {HTMLInputElement} */ (document.getElementById('words'));
const groupChoice = /** @type {HTMLSelectElement | null} */ (document.getElementById('chapter'));
const differBox = /** @type {HTMLInputElement | null} */ (document.getElementById('differ'));
const shownCount = /** @type {HTMLOutputElement} */ (document.getElementById('shown'));
const noMatch = /** @type {HTMLElement} */ (document.querySelector('.no-match'));
const groups = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('main > section')]);

/** @typedef {{ element: HTMLElement, text?: string }} Item */
/** @type {Item[]} */
const items = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('.item'))].map(
  (element) => ({ element }),
);

/**
 * The words of an item are read when they are first searched: hundreds of checks have megabytes.
 * @param {Item} item
 */
function textOf(item) {
  item.text ??= (item.element.textContent ?? '').toLowerCase();
  return item.text;
}

function applyFilter() {
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('[name=verdict]:checked'));
  const verdicts = new Set([...boxes].map(({ value }) => value));
  const wanted = wordsInput.value.toLowerCase().split(/\s+/).filter(Boolean);
  const group = groupChoice?.value ?? '';
  let shown = 0;
  for (const item of items) {
    const { verdict = '', chapter, differs } = item.element.dataset;
    const fits =
      verdicts.has(verdict) &&
      (group === '' || group === chapter) &&
      (!differBox?.checked || differs === 'yes') &&
      wanted.every((word) => textOf(item).includes(word));
    item.element.hidden = !fits;
    if (fits) shown++;
  }
  for (const section of groups) section.hidden = !section.querySelector('.item:not([hidden])');
  shownCount.textContent = `${shown} of ${items.length} shown`;
  noMatch.hidden = shown > 0;
}

function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named?.classList.contains('item')) return;
  if (named instanceof HTMLDetailsElement) named.open = true;
  named.scrollIntoView();
}

form.addEventListener('input', applyFilter);
form.addEventListener('submit', (event) => event.preventDefault());
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && !event.ctrlKey && !event.metaKey && event.target !== wordsInput) {
    event.preventDefault();
    wordsInput.focus();
    wordsInput.select();
  } else if (event.key === 'Escape' && event.target === wordsInput) {
    wordsInput.value = '';
    applyFilter();
  }
});
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('button[data-open]')))
  button.addEventListener('click', () => {
    for (const { element } of items)
      if (!element.hidden && element instanceof HTMLDetailsElement)
        element.open = button.dataset.open === 'yes';
  });

openDetailsForPrint('.item:not([hidden]):not([data-verdict=pass]):not([open])');
addEventListener('hashchange', openNamed);
// A browser that comes back to the page restores what was typed.
applyFilter();
openNamed();
