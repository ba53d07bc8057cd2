// Broadcast servers in daily use, each as a small hub written from the server's documentation (hubs/): what it needs of
// Debian, and the command that starts it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Parsed, parsed, unparsed } from '../../../units/parsed.ts';

const run = promisify(execFile);
// The same depth from src/ and dist/: hubs are not copied into dist/.
const HUBS = fileURLToPath(new URL('../../../../src/testing/external/servers/hubs/', import.meta.url));
const BUILD_DEADLINE_MILLIS = 180_000;
const PROBE_DEADLINE_MILLIS = 20_000;
const PYTHON = '/usr/bin/python3';
const JARS = ['embed-core', 'embed-websocket', 'annotations-api'].map(
  (name) => `/usr/share/java/tomcat10-${name}.jar`,
);
const NCHAN_MODULE = '/usr/lib/nginx/modules/ngx_nchan_module.so';

export interface Server {
  readonly name: string;
  readonly title: string;
  /** Of Debian, for the reason of a skip. */
  readonly packages: string;
  /** A command for `--spawn`, or why this machine has none; what is built goes into `folder`. May reject. */
  prepare(folder: string): Promise<Parsed<string>>;
}

type Facts = Pick<Server, 'name' | 'title' | 'packages'>;

const hub = (file: string): string => join(HUBS, file);

/** `probe` shows that interpreter and library are there. */
function interpreted(
  facts: Facts,
  probe: readonly [program: string, ...args: string[]],
  file: string,
): Server {
  const [program, ...args] = probe;
  return {
    ...facts,
    async prepare() {
      await run(program, args, { timeout: PROBE_DEADLINE_MILLIS });
      return parsed(`${program} '${hub(file)}'`);
    },
  };
}

function compiled(facts: Facts, compiler: string, file: string, flags: readonly string[]): Server {
  return {
    ...facts,
    async prepare(folder) {
      const program = join(folder, 'hub');
      await run(compiler, ['-o', program, hub(file), ...flags], { timeout: BUILD_DEADLINE_MILLIS });
      return parsed(`'${program}'`);
    },
  };
}

const NCHAN: Server = {
  name: 'nchan',
  title: 'nginx with nchan',
  packages: 'nginx libnginx-mod-nchan',
  async prepare() {
    if (!existsSync(NCHAN_MODULE)) return unparsed(`${NCHAN_MODULE} is missing`);
    return parsed(`sh '${hub('nchan_hub.sh')}'`);
  },
};

const TOMCAT: Server = {
  name: 'tomcat',
  title: 'Tomcat',
  packages: 'default-jdk-headless libtomcat10-java libtomcat10-embed-java',
  async prepare(folder) {
    const classPath = JARS.join(':');
    const args = ['-nowarn', '-cp', classPath, '-d', folder, hub('TomcatHub.java')];
    await run('javac', args, { timeout: BUILD_DEADLINE_MILLIS });
    return parsed(`java -cp '${folder}:${classPath}' TomcatHub`);
  },
};

/** Those that take longest to build come first. */
export const SERVERS: readonly Server[] = [
  compiled({ name: 'beast', title: 'Boost.Beast', packages: 'g++ libboost-dev' }, 'g++', 'beast_hub.cpp', [
    '-std=c++17',
    '-O0',
    '-lpthread',
  ]),
  TOMCAT,
  compiled(
    { name: 'libwebsockets', title: 'libwebsockets', packages: 'gcc libc6-dev libwebsockets-dev' },
    'cc',
    'lws_hub.c',
    ['-O1', '-lwebsockets'],
  ),
  NCHAN,
  interpreted(
    { name: 'mojolicious', title: 'Mojolicious', packages: 'libmojolicious-perl' },
    ['perl', '-MMojolicious', '-e', '1'],
    'mojolicious_hub.pl',
  ),
  interpreted(
    { name: 'em-websocket', title: 'em-websocket', packages: 'ruby-em-websocket' },
    ['ruby', '-e', 'require "em-websocket"'],
    'em_websocket_hub.rb',
  ),
  interpreted(
    { name: 'aiohttp', title: 'aiohttp', packages: 'python3-aiohttp' },
    [PYTHON, '-c', 'import aiohttp'],
    'aiohttp_hub.py',
  ),
  interpreted(
    { name: 'tornado', title: 'Tornado', packages: 'python3-tornado' },
    [PYTHON, '-c', 'import tornado'],
    'tornado_hub.py',
  ),
];
