// Runs inside conformance.html and the grid: filter by verdict, chapter, text, and where hubs differ; keys / and Esc;
// a check that the address names is opened; everything shown is opened for printing.
const form = document.getElementById('filter');
const words = document.getElementById('words');
const chapter = document.getElementById('chapter');
const differ = document.getElementById('differ');
const shownCount = document.getElementById('shown');
const noMatch = document.querySelector('.no-match');
const sections = [...document.querySelectorAll('main > section')];
const checks = [...document.querySelectorAll('.check')].map((element) => ({ element, text: undefined }));

/** The words of a check are read when they are first searched: of hundreds of checks that is some megabytes. */
const textOf = (check) => {
  check.text ??= check.element.textContent.toLowerCase();
  return check.text;
};

function apply() {
  const verdicts = new Set([...form.querySelectorAll('[name=verdict]:checked')].map(({ value }) => value));
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const check of checks) {
    const { verdict, chapter: own, differs } = check.element.dataset;
    const fits =
      verdicts.has(verdict) &&
      (chapter.value === '' || chapter.value === own) &&
      (!differ?.checked || differs === 'yes') &&
      wanted.every((word) => textOf(check).includes(word));
    check.element.hidden = !fits;
    if (fits) shown++;
  }
  for (const section of sections) section.hidden = !section.querySelector('.check:not([hidden])');
  shownCount.textContent = `${shown} of ${checks.length} shown`;
  noMatch.hidden = shown > 0;
}

function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named?.classList.contains('check')) return;
  if (named instanceof HTMLDetailsElement) named.open = true;
  named.scrollIntoView();
}

form.addEventListener('input', apply);
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => setTimeout(apply));
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && !event.ctrlKey && !event.metaKey && event.target !== words) {
    event.preventDefault();
    words.focus();
    words.select();
  } else if (event.key === 'Escape' && event.target === words) {
    words.value = '';
    apply();
  }
});
for (const button of document.querySelectorAll('button[data-open]'))
  button.addEventListener('click', () => {
    for (const { element } of checks) if (!element.hidden) element.open = button.dataset.open === 'yes';
  });

let closedForPrint = [];
addEventListener('beforeprint', () => {
  closedForPrint = [
    ...document.querySelectorAll('.check:not([hidden]):not([data-verdict=pass]):not([open])'),
  ];
  for (const one of closedForPrint) one.open = true;
});
addEventListener('afterprint', () => {
  for (const one of closedForPrint) one.open = false;
});
addEventListener('hashchange', openNamed);
// A browser that comes back to the page restores what was typed.
apply();
openNamed();
