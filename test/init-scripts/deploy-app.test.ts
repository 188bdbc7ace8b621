import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ANN, BEN, clientOf } from '../../sandbox/test/harness.ts';
import { appNamed, appRoom } from './app-room.ts';

test('the first deployment makes the app, and the second one only puts new code into it', async () => {
  const { deploy, alive, write, sandbox } = await appRoom();
  const first = await deploy(ANN);
  expect(first.stderr).toBe('');
  expect(first.stdout).toMatch(
    /\nThe app is at https:\/\/spring-apps-ann-[a-z2-7]{7}-\d+\.azure\.databricksapps\.com\n$/,
  );
  expect(first.code).toBe(0);
  const [made] = alive();
  expect(made).toMatchObject({ creator: ANN, deployments: 1 });
  write('app.py', 'print(2)\n');
  const second = await deploy(ANN);
  expect(second).toMatchObject({ code: 0 });
  expect(second.stdout).not.toContain('Made the app');
  expect(alive()).toEqual([{ ...made, deployments: 2 }]);
  const path = encodeURIComponent(`/Users/${ANN}/${made?.name}/app.py`);
  const kept = await clientOf(sandbox, sandbox.adminToken)(
    'GET',
    `/api/2.0/workspace/export?direct_download=true&path=${path}`,
  );
  expect(kept.text).toBe('print(2)\n');
});

test("somebody else's app of that name is not touched, not even by who may manage it", async () => {
  const { deploy, alive, folder, sandbox } = await appRoom();
  const name = appNamed(`persons_app('spring-apps', '${BEN}')`);
  const ann = clientOf(sandbox, sandbox.tokenFor(ANN));
  await ann('POST', '/api/2.0/apps', { name });
  await ann('PATCH', `/api/2.0/permissions/apps/${name}`, {
    access_control_list: [{ user_name: BEN, permission_level: 'CAN_MANAGE' }],
  });
  const untouched = [{ name, creator: ANN, deployments: 0 }];
  await expect.poll(alive, { timeout: 9_000 }).toEqual(untouched);
  const refused = await deploy(BEN);
  expect(refused.code).toBe(1);
  expect(refused.stdout.endsWith(`The app of ${folder} is called ${name}.\n`), refused.stdout).toBe(true);
  expect(refused.stderr).toBe(
    `There is an app ${name} already, and it is ${ANN}'s, so nothing was touched. ` +
      `Ask ${ANN} about it, or give yours a name of its own: deploy-app --team NAME\n`,
  );
  expect(alive()).toEqual(untouched);
});

test("a team's app is updated by whoever may manage it, however they write its name", async () => {
  const { deploy, alive } = await appRoom();
  const made = await deploy(ANN, ['--team', 'Blue Team']);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('Only you may update it so far.') as string });
  const name = alive()[0]?.name ?? '';
  expect(name).toMatch(/^spring-apps-blue-team-[a-z2-7]{7}$/);
  const refused = await deploy(BEN, ['--team', 'blue  team']);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain(`The workspace does not let you deploy ${name} (HTTP 403): ${BEN} does not have `);
  const shared = await deploy(ANN, ['--team', 'BLUE team', '--with', BEN]);
  expect(shared.stdout).toContain(`Now ${BEN} may update it, too.\n`);
  expect(await deploy(BEN, ['--team', 'blue  team'])).toMatchObject({ code: 0, stderr: '' });
  expect(alive()).toEqual([{ name, creator: ANN, deployments: 3 }]);
});

test('keys, environments and repositories stay here; what was taken out here goes there, too', async () => {
  const { deploy, write, folder, files } = await appRoom();
  write('pages/old.py', '');
  write('.env', 'KEY=1');
  for (const each of ['.venv/bin/python', '__pycache__/a.pyc', '.git/config', 'node_modules/x/i.js']) write(each, 'x');
  for (const each of ['mine/pyvenv.cfg', 'mine/bin/python']) write(each, 'x');
  const first = await deploy(ANN);
  expect(first.stdout).toContain(`Wrote app.yaml to ${folder}: it says that app.py is the app.\n`);
  expect(first.stdout).toContain('Left out: .env may hold keys.\nLeft out: mine is a virtual environment.\n');
  expect(await files()).toEqual(['.uploaded-by-deploy-app.json', 'app.py', 'app.yaml', 'pages', 'pages/old.py']);
  rmSync(join(folder, 'pages/old.py'));
  write('pages/new.py', '');
  expect((await deploy(ANN)).stdout).toContain('Removed what is not in the folder any more: pages/old.py\n');
  expect(await files()).toEqual(['.uploaded-by-deploy-app.json', 'app.py', 'app.yaml', 'pages', 'pages/new.py']);
});

test('a stopped app is started', async () => {
  const { deploy, alive, sandbox } = await appRoom();
  await deploy(ANN);
  const ann = clientOf(sandbox, sandbox.tokenFor(ANN));
  const path = `/api/2.0/apps/${alive()[0]?.name}`;
  const becomes = (state: string) =>
    expect.poll(async () => (await ann('GET', path)).json.compute_status.state, { timeout: 9_000 }).toBe(state);
  await ann('POST', `${path}/stop`, {});
  await becomes('STOPPED');
  const again = await deploy(ANN);
  expect(again).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('The app was stopped: starting it.') as string,
  });
});

test('of one that is being deleted it is said when its name is free', async () => {
  const { deploy, sandbox } = await appRoom({ speed: 20 });
  const ann = clientOf(sandbox, sandbox.tokenFor(ANN));
  const name = appNamed(`persons_app('spring-apps', '${ANN}')`);
  await ann('POST', '/api/2.0/apps?no_compute=true', { name });
  await ann('DELETE', `/api/2.0/apps/${name}`);
  const gone = await deploy(ANN);
  expect(gone).toMatchObject({ code: 1 });
  expect(gone.stderr).toContain('is being deleted. Its place in the workspace and its name are free up to 20 minutes');
});

test("a failed deployment's own message is shown, and where the log is", async () => {
  const { deploy, alive, sandbox } = await appRoom();
  await deploy(ANN);
  const [before] = alive();
  const path = encodeURIComponent(`Users/${ANN}/${before?.name}/left-by-hand.bin`);
  const ann = clientOf(sandbox, sandbox.tokenFor(ANN));
  await ann('POST', `/api/2.0/workspace-files/import-file/${path}`, new Uint8Array(10_485_761));
  const failed = await deploy(ANN);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(
    /^The deployment failed\. The workspace says: Error downloading source code: left-by-hand\.bin\. File is .*\n/,
  );
  expect(failed.stderr).toMatch(
    /Its log is at https:\/\/\S+\.azure\.databricksapps\.com\/logz in your laptop's browser/,
  );
});

test('a deployment that goes on is waited for', async () => {
  const { deploy, alive } = await appRoom({ speed: 120 });
  const [one, two] = await Promise.all([deploy(ANN), deploy(ANN)]);
  expect([one.code, two.code], one.stderr + two.stderr).toEqual([0, 0]);
  expect(alive()).toMatchObject([{ creator: ANN, deployments: 2 }]);
});
