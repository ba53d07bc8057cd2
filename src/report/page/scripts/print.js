// What is closed on the screen is opened for paper, and closed again after it.

/**
 * @param {string} selector of the details to open
 * @param {() => void} [prepare]
 * @param {() => void} [restore]
 */
export function openDetailsForPrint(selector, prepare, restore) {
  /** @type {HTMLDetailsElement[]} */
  let opened = [];
  addEventListener('beforeprint', () => {
    prepare?.();
    opened = [...document.querySelectorAll(selector)].filter((one) => one instanceof HTMLDetailsElement);
    for (const one of opened) one.open = true;
  });
  addEventListener('afterprint', () => {
    restore?.();
    for (const one of opened) one.open = false;
  });
}
