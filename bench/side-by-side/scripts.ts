import { spawn, spawnSync } from 'node:child_process';
import { openSync, closeSync, readFileSync } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { WELL, type LeftOut, type Opened, type Running, type StandIn, type Where } from './stand-in.ts';

/** What scripts see of our environment; the rest of it could lead them to another workspace. */
const INHERITED = ['PATH', 'LANG', 'DATABRICKS_CLI', 'TOFU', 'DATABRICKS_PROVIDER'];
const LONGEST_WORDS = 200;

/** A folder with `up.sh` and `down.sh`: bench/README.md says what they are told. */
export function scriptsIn(folder: string): StandIn {
  return {
    name: basename(resolve(folder)),
    async open(where) {
      await mkdir(join(where.folder, 'work'), { recursive: true });
      await mkdir(join(where.folder, 'home'), { recursive: true });
      await writeFile(join(where.folder, 'people.txt'), `${where.people.join('\n')}\n`);
      return {
        up: () => run(join(resolve(folder), 'up.sh'), where),
        down: () => run(join(resolve(folder), 'down.sh'), where),
        close: async () => {},
      } satisfies Opened;
    },
  };
}

function run(script: string, { sandbox, folder }: Where): Running {
  const logFile = join(folder, `${basename(script)}.log`);
  const log = openSync(logFile, 'a');
  const child = spawn('bash', [script], {
    env: {
      ...Object.fromEntries(INHERITED.map((name) => [name, process.env[name]])),
      HOME: join(folder, 'home'),
      DATABRICKS_HOST: sandbox.url,
      DATABRICKS_TOKEN: sandbox.adminToken,
      PEOPLE_FILE: join(folder, 'people.txt'),
      WORK_FOLDER: join(folder, 'work'),
    },
    stdio: ['ignore', log, log],
    // A group of its own, so that what it has started dies with it.
    detached: true,
  });
  closeSync(log);
  const { pid } = child;
  return {
    ended: new Promise((settle) => {
      child.once('error', (error) => settle(error.message));
      child.once('exit', (code, signal) =>
        settle(code === 0 ? WELL : `${signal ?? `exit code ${code}`}: ${last(logFile)}`),
      );
    }),
    kill() {
      try {
        if (pid !== undefined) process.kill(-pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    },
  };
}

const last = (logFile: string): string =>
  (readFileSync(logFile, 'utf8').trim().split('\n').at(-1) ?? '').slice(0, LONGEST_WORDS);

/** Why scripts of ours that need these programs cannot be tried; undefined when they can. */
export async function whatIsMissing(
  name: string,
  needed: readonly { readonly variable: string; readonly what: string }[],
): Promise<LeftOut | undefined> {
  for (const { variable, what } of needed) {
    const path = process.env[variable];
    if (path === undefined || path === '') return { name, why: `${variable} does not name ${what}` };
    try {
      await access(path);
    } catch {
      return { name, why: `${variable} names ${path}, which is not there` };
    }
  }
  return spawnSync('jq', ['--version']).status === 0 ? undefined : { name, why: 'there is no jq' };
}
