import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/index.ts';
import { ANN, BEN, clientOf } from '../../sandbox/test/harness.ts';
import { runProgram, type Outcome } from '../run-program.ts';
import { scratchFolder } from '../scratch.ts';

const DEPLOY_APP = join(import.meta.dirname, '..', '..', 'init-scripts', 'bin', 'deploy-app');

interface Room {
  readonly sandbox: Sandbox;
  /** Somebody's folder with an app in it. */
  readonly folder: string;
  readonly write: (name: string, text: string | Uint8Array) => void;
  readonly deploy: (who: string, args?: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Outcome>;
  readonly alive: () => { name: string; creator: string; deployments: number }[];
}

async function room(options: SandboxOptions = {}): Promise<Room> {
  const sandbox = await startSandbox({ people: [ANN, BEN], speed: 600, ...options });
  onTestFinished(() => sandbox.close());
  const home = scratchFolder();
  const folder = join(home, 'workshop', 'dash-app');
  mkdirSync(folder, { recursive: true });
  const write: Room['write'] = (name, text) => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write('app.py', 'print(1)\n');
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
      sandbox
        .books()
        .apps.filter(({ alive }) => alive)
        .map(({ name, creator, deployments }) => ({
          name,
          creator,
          deployments: deployments.filter(({ sourceCodePath }) => sourceCodePath.endsWith(name)).length,
        })),
  };
}

test('the first deployment makes the app, and the second one only puts new code into it', async () => {
  const { deploy, alive, write, sandbox } = await room();
  const first = await deploy(ANN);
  expect(first.stderr).toBe('');
  expect(first.stdout).toMatch(
    /\nThe app is at https:\/\/spring-apps-ann-[a-z2-7]{7}-\d+\.azure\.databricksapps\.com\n$/,
  );
  expect(first.code).toBe(0);
  const [made] = alive();
  expect(made).toMatchObject({ creator: ANN });
  write('app.py', 'print(2)\n');
  const second = await deploy(ANN);
  expect(second).toMatchObject({ code: 0 });
  expect(second.stdout).not.toContain('Made the app');
  expect(alive()).toHaveLength(1);
  const path = encodeURIComponent(`/Users/${ANN}/${made?.name}/app.py`);
  const kept = await clientOf(sandbox, sandbox.adminToken)(
    'GET',
    `/api/2.0/workspace/export?direct_download=true&path=${path}`,
  );
  expect(kept.text).toBe('print(2)\n');
});
