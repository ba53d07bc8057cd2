#!/usr/bin/env node
// A known-bad hub as a process: `node dist/testing/programs/run-defect.js ID [--port N] …` prints the ready line and serves
// until SIGTERM, SIGINT, or the end of its stdin when NORN_EXIT_WITH_STDIN=1.
import { parseArgs } from 'node:util';
import {
  CORRECT_VARIANTS,
  DEFECTS,
  EXPLORED_DEFECTS,
  FAULT_DEFECTS,
  isHubId,
  startDefectiveHub,
} from '../registry.ts';

const USAGE = `usage: run-defect ID [--port N] [--allowed-origin O …] [--client-buffer N] [--broadcast-buffer N]
                  [--ping-interval MILLIS] [--eviction-grace MILLIS] [--seed N] [--state FILE]
       run-defect --list
`;

function fail(problem: string): never {
  process.stderr.write(`${problem}\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        list: { type: 'boolean' },
        port: { type: 'string' },
        'allowed-origin': { type: 'string', multiple: true },
        'client-buffer': { type: 'string' },
        'broadcast-buffer': { type: 'string' },
        'ping-interval': { type: 'string' },
        'eviction-grace': { type: 'string' },
        seed: { type: 'string' },
        state: { type: 'string' },
      },
    });
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) fail(`--${name} wants a whole number, not ${JSON.stringify(text)}`);
  return Number(text);
}

const { values, positionals } = readArguments();
const id = positionals[0] ?? '';
const isKnown = isHubId(id);

if (values.list === true) {
  for (const defect of DEFECTS) process.stdout.write(`${defect.id}\t${defect.bugClass}\t${defect.summary}\n`);
  for (const defect of EXPLORED_DEFECTS) process.stdout.write(`${defect.id}\texplored\t${defect.summary}\n`);
  for (const defect of FAULT_DEFECTS) process.stdout.write(`${defect.id}\tfaults\t${defect.summary}\n`);
  for (const one of CORRECT_VARIANTS) process.stdout.write(`${one.id}\tcorrect\t${one.summary}\n`);
} else if (!isKnown) {
  fail(`no defect is called ${JSON.stringify(id)}; --list shows them all`);
} else {
  await serve();
}

async function serve(): Promise<void> {
  const extraOrigins = (process.env.NORN_ALLOWED_ORIGINS ?? '').split(',').filter((origin) => origin !== '');
  const running = await startDefectiveHub(id, {
    port: wholeNumber('port', values.port ?? '0'),
    extraOrigins: [...extraOrigins, ...(values['allowed-origin'] ?? [])],
    ...numberOption('client-buffer', 'clientBufferMessages'),
    ...numberOption('broadcast-buffer', 'broadcastBufferEvents'),
    ...numberOption('ping-interval', 'pingIntervalMillis'),
    ...numberOption('eviction-grace', 'evictionGraceMillis'),
    ...numberOption('seed', 'seed'),
    stateFile: values.state,
    onCrash(reason) {
      process.stderr.write(`${reason}\n`);
      process.exit(2);
    },
  });
  const { url, broadcastUrl } = running;
  process.stdout.write(`${JSON.stringify({ ready: true, url, broadcastUrl, pid: process.pid })}\n`);
  const { exitCode, ignoresInterrupt } = running.hub.hooks;
  const stop = (): void => void running.stop().then(() => process.exit(exitCode));
  process.once('SIGTERM', stop);
  if (ignoresInterrupt) process.on('SIGINT', () => {});
  else process.once('SIGINT', stop);
  if (process.env.NORN_EXIT_WITH_STDIN === '1') {
    process.stdin.once('end', () => process.exit(0));
    process.stdin.resume();
  }
}

function numberOption<Key extends string>(
  flag: 'client-buffer' | 'broadcast-buffer' | 'ping-interval' | 'eviction-grace' | 'seed',
  key: Key,
): Partial<Record<Key, number>> {
  const text = values[flag];
  return text === undefined ? {} : ({ [key]: wholeNumber(flag, text) } as Partial<Record<Key, number>>);
}
