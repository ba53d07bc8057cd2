// Names of apps and of event types, by class. A hub that keeps something under a name, or routes by it, must keep all of
// them apart and leave them as they are.

const SEVERAL = 50;

const CLASSES: Readonly<Record<string, readonly string[]>> = {
  several: Array.from({ length: SEVERAL }, (_, at) => `name-${at}`),
  // A hub may give what begins with some letters to another worker.
  'each letter': [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'].map(
    (letter) => `${letter}-name`,
  ),
  'special names': [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'prototype',
    'length',
    'valueOf',
  ],
  'by case': [
    'norn.app',
    'Norn.App',
    'NORN.APP',
    'caf\u00e9',
    'cafe\u0301',
    '\ufb01le',
    'file',
    'stra\u00dfe',
    'strasse',
  ],
  separators: [
    'a.b.c',
    'a/b',
    '/a',
    'a:b',
    'a.*',
    '#',
    '>',
    '+',
    '..',
    'a b',
    ' a',
    'a ',
    'a,b',
    'a\tb',
    '?a=1&b=2',
    'a%2eb',
  ],
  long: [63, 64, 65, 127, 128, 129, 255, 256, 300].map((chars) => `${chars}-`.padEnd(chars, 'n')),
};

/** The name of this class at place `at` of the program; undefined: not one of these classes. */
export function nameOf(className: string, at: number): string | undefined {
  const names = CLASSES[className];
  return names?.[at % names.length];
}
