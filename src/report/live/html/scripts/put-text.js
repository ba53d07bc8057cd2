// Text is put where it changed only, so that a screen reader and a selection are left alone.

/** @param {Element | null} element @param {string} text */
export function putText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}
