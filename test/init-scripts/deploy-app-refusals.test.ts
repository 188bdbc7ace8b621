import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ANN, clientOf } from '../../sandbox/test/harness.ts';
import { appNamed, appRoom } from './app-room.ts';

test.each([
  { limit: undefined, options: { mostApps: 3, strangersApps: 3 } },
  { limit: '2', options: { strangersApps: 3 } },
])('a full workspace says so and nothing is asked of it: $options', async ({ limit, options }) => {
  const { deploy, alive, requests } = await appRoom(options);
  const full = await deploy(ANN, ['--json'], { WORKSHOP_APP_LIMIT: limit ?? '3', WORKSHOP_FACILITATOR: 'Fay' });
  expect(full.code).toBe(3);
  expect(JSON.parse(full.stdout)).toMatchObject({
    v: 1,
    command: 'deploy-app',
    ok: false,
    url: null,
    said:
      `The workspace is full: 3 of ${limit ?? '3'} apps are in it, whoever made them, and one that was stopped ` +
      'counts, too. Nothing was made. Show yours with show-app, which takes no place, or ask Fay.',
  });
  expect(alive()).toHaveLength(3);
  expect(requests().filter((line) => line.startsWith('POST'))).toEqual([]);
});

test('a place that somebody else took meanwhile is final, whatever the status of the refusal', async () => {
  const refusal = { status: 429, errorCode: 'RESOURCE_EXHAUSTED' };
  const { deploy, alive } = await appRoom({ mostApps: 30, strangersApps: 30, appsRefusal: refusal });
  const full = await deploy(ANN);
  expect(full).toMatchObject({ code: 3, stdout: expect.stringContaining('There is room: 30 of 100 apps') as string });
  expect(full.stderr).toMatch(/^The workspace is full, and trying again changes nothing: Failed to create app /);
  expect(alive()).toHaveLength(30);
});

test('what is no app, too large, or a secret is refused by name before the workspace is asked', async () => {
  const { deploy, write, folder, requests } = await appRoom();
  write('data/big.bin', new Uint8Array(10_485_761));
  expect((await deploy(ANN)).stderr).toContain('data/big.bin has 10.0 MB, and the platform takes no file above 10 MB');
  rmSync(join(folder, 'data'), { recursive: true });
  write('app.yaml', 'command: [python, app.py]\nenv:\n  - name: API_TOKEN\n    value: hunter22\n');
  const secret = await deploy(ANN);
  expect(secret.stderr).toContain('app.yaml has what looks like a secret in it (API_TOKEN), so nothing was deployed');
  expect(secret.stdout + secret.stderr).not.toContain('hunter22');
  write('app.yaml', `command: ["python", "app.py"] # dapi${'0'.repeat(32)}\n`);
  expect((await deploy(ANN)).stderr).toContain('looks like a secret in it (a line of it)');
  write('app.yaml', 'command: {python: app.py}\nwhat is this\n');
  expect((await deploy(ANN)).stderr).toContain("cannot be read: the line 'what is this' is no setting");
  rmSync(join(folder, 'app.yaml'));
  write('app.py', `token = "dapi${'0'.repeat(32)}"\n`);
  expect((await deploy(ANN)).stderr).toContain('app.py has a key or a token in it, and no app runs without it');
  rmSync(join(folder, 'app.py'));
  expect((await deploy(ANN)).stderr).toContain(`There is no app in ${folder}: app.yaml starts app.py, and`);
  rmSync(join(folder, 'app.yaml'));
  expect((await deploy(ANN)).stderr).toContain('it has no app.py and no app.yaml. Make one');
  expect((await deploy(ANN, ['/nowhere'])).stderr).toContain('/nowhere is no folder.');
  expect(requests()).toEqual([]);
});

test.each([
  [{ lostAnswer: true }, 0, ''],
  [
    { status: 503, message: 'down for now' },
    1,
    /^The app could not be made: HTTP 503: down for now\. Type deploy-app /,
  ],
  [
    { status: 403, message: 'Apps are switched off.' },
    1,
    /^The workspace does not let you create apps \(HTTP 403\): Apps are switched off\.\. Ask your facilitator, /,
  ],
])('when the answer to making the app is %j', async (effect, code, said) => {
  const { deploy, alive, sandbox } = await appRoom();
  await clientOf(sandbox, undefined)('PUT', '/__sandbox/faults', {
    faults: [{ route: 'POST /api/2.0/apps', effect }],
  });
  const ran = await deploy(ANN);
  expect(ran.code, ran.stderr).toBe(code);
  if (code === 0) expect(alive()).toMatchObject([{ creator: ANN, deployments: 1 }]);
  else expect(ran.stderr).toMatch(said);
});

test('an expired token says what to type', async () => {
  const { deploy } = await appRoom();
  const refused = await deploy(ANN, [], { DATABRICKS_TOKEN: 'dapi-of-yesterday' });
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toMatch(
    /^The workspace does not take this session's token \(HTTP 40[13]: .*claude-refresh-token\n$/,
  );
  expect(refused.stderr).not.toContain('dapi-of-yesterday');
});

test.each([
  ['spring-apps', 'Ann.Example@example.com', /^spring-apps-ann-exampl-[a-z2-7]{7}$/],
  ['a', `${'x'.repeat(64)}@example.com`, /^a-x{20}-[a-z2-7]{7}$/],
  ['a-very-long-name-of-a-workshop', "ümit_o'neill+apps@example.com", /^a-very-long-umit-o-nei-[a-z2-7]{7}$/],
  ['2027', '山田@example.com', /^w2027-[a-z2-7]{7}$/],
])('in %s the app of %s is called as the platform allows', (workshop, email, name) => {
  const called = appNamed(`persons_app(${JSON.stringify(workshop)}, ${JSON.stringify(email)})`);
  expect(called).toMatch(name);
  expect(called).toMatch(/^[a-z0-9-]{2,30}$/);
  expect(appNamed(`persons_app(${JSON.stringify(workshop)}, ${JSON.stringify(email.toUpperCase())})`)).toBe(called);
});

test('nobody shares a name: not with the same beginning, not with a namesake, not with a team', () => {
  const long = 'a'.repeat(40);
  const names = [
    `persons_app('spring', '${long}b@example.com')`,
    `persons_app('spring', '${long}c@example.com')`,
    `persons_app('spring', 'ann@a.com')`,
    `persons_app('spring', 'ann@b.com')`,
    `persons_app('${long}', 'ann@b.com')`,
    `teams_app('spring', 'ann')`,
    `teams_app('spring', '!')`,
    `teams_app('spring', '?')`,
  ].map(appNamed);
  expect(new Set(names).size).toBe(names.length);
  expect(appNamed(`teams_app('spring', 'Ann')`)).toBe(appNamed(`teams_app('spring', ' ann ')`));
});
