import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/index.ts';
import { ANN, BEN, clientOf } from '../../sandbox/test/harness.ts';
import { runProgram, type Outcome } from '../run-program.ts';
import { scratchFolder } from '../scratch.ts';

export const INIT_SCRIPTS = join(import.meta.dirname, '..', '..', 'init-scripts');
const DEPLOY_APP = join(INIT_SCRIPTS, 'bin', 'deploy-app');

/** Somebody's home with the folder of an app in it, and nothing else; gone after the test. */
export function appFolder() {
  const home = scratchFolder();
  const folder = join(home, 'workshop', 'dash-app');
  const write = (name: string, text: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write('app.py', 'print(1)\n');
  return { home, folder, write };
}

export interface AppRoom extends Pick<ReturnType<typeof appFolder>, 'folder' | 'write'> {
  readonly sandbox: Sandbox;
  readonly deploy: (who: string, args?: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Outcome>;
  /** The apps that there are; `deployments` are those of somebody's code. */
  readonly alive: () => { name: string; creator: string; deployments: number }[];
  /** What was asked of the workspace so far. */
  readonly requests: () => string[];
  /** What lies in the folder of Ann's app in the workspace. */
  readonly files: () => Promise<string[]>;
}

/** A sandbox, and a folder with an app in it; both are gone after the test. */
export async function appRoom(options: SandboxOptions = {}): Promise<AppRoom> {
  const sandbox = await startSandbox({ people: [ANN, BEN], speed: 600, ...options });
  onTestFinished(() => sandbox.close());
  const { home, folder, write } = appFolder();
  const listed = async (path: string): Promise<string[]> => {
    const answer = await clientOf(sandbox, sandbox.adminToken)('GET', `/api/2.0/workspace/list?path=${path}`);
    const objects = (answer.json.objects ?? []) as { path: string; object_type: string }[];
    const below = await Promise.all(
      objects.map(async (each) => [each.path, ...(each.object_type === 'DIRECTORY' ? await listed(each.path) : [])]),
    );
    return below.flat();
  };
  const apps = () => sandbox.books().apps.filter(({ alive }) => alive);
  return {
    sandbox,
    folder,
    write,
    deploy: (who, args = [], env = {}) =>
      runProgram('/bin/bash', ['-c', 'cd && exec bash "$@"', 'bash', DEPLOY_APP, ...args], {
        PATH: process.env['PATH'],
        HOME: home,
        DATABRICKS_HOST: sandbox.url,
        DATABRICKS_TOKEN: sandbox.tokenFor(who),
        WORKSHOP_TOKEN_FOLDER: join(home, 'tokens'),
        WORKSHOP_ID: 'spring-apps',
        ...env,
      }),
    alive: () =>
      apps().map(({ name, creator, deployments }) => ({
        name,
        creator,
        // The first is what the platform puts into each.
        deployments: deployments.length - 1,
      })),
    requests: () => Object.keys(sandbox.books().requests.byRoute),
    async files() {
      const path = `/Users/${ANN}/${apps()[0]?.name}`;
      return (await listed(path)).map((each) => each.slice(path.length + 1)).sort();
    },
  };
}

/** What an expression of apps/app_name.py gives. */
export function appNamed(expression: string): string {
  const program = `import sys; sys.path.insert(0, sys.argv[1]); from apps.app_name import *; print(${expression})`;
  return execFileSync('python3', ['-B', '-c', program, join(INIT_SCRIPTS, 'lib')], { encoding: 'utf8' }).trim();
}
