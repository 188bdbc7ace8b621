import { afterAll, beforeAll, expect, it } from 'vitest';
import { fingerprintOf, type LaptopEvidence } from '../../src/domain/papers/laptop-evidence.ts';
import { codeOf, GOOD } from '../domain/papers/laptop-code.ts';
import { eventually } from '../workflows/stage/eventually.ts';
import { RealStack } from '../workflows/stage/real-stack.ts';
import { workshop } from './run-cli.ts';

let stack: RealStack;
let id: string;
beforeAll(async () => {
  stack = await RealStack.start({ people: 1 });
  id = await stack.open();
  await eventually(async () =>
    expect(await itemOf('windows-zscaler')).toMatchObject({
      state: expect.stringMatching(/waiting|unanswered/),
      deadline: expect.any(Number),
    }),
  );
});
afterAll(async () => stack?.stop());

const itemOf = async (name: string) => (await stack.client.progress(id)).checklist.find((item) => item.id === name);
const today = new Date().toISOString().slice(0, 10);
const codeWith = (changes: Partial<LaptopEvidence> = {}) =>
  codeOf({ ...GOOD, day: today, host: fingerprintOf(new URL(stack.sandbox.url).host), ...changes });
const signOff = (item: string, ...more: string[]) =>
  workshop(['sign-off', id, item, '--by', 'Ann', ...more], stack.env);

it('a code is kept as evidence in words, and shown', async () => {
  expect(await workshop(['status', id], stack.env)).toMatchObject({
    stdout: expect.stringContaining(`bin/workshop sign-off ${id} proxy --evidence <code>`),
    stderr: '',
  });
  expect(
    await signOff(
      'proxy',
      '--evidence',
      codeWith(),
      '--evidence',
      codeWith({ system: 'macOS' }),
      '--note',
      'in the office',
    ),
  ).toMatchObject({ code: 0, stdout: 'proxy: signed off by Ann\n' });
  expect(await itemOf('proxy')).toMatchObject({
    state: 'signed off',
    evidence: expect.stringMatching(
      new RegExp(
        String.raw`^Laptop check of .*: Windows, databricks 1\.8\.0, TLS opened by Zscaler, .*\. Laptop check of ` +
          String.raw`.*: macOS, .*\. in the office$`,
      ),
    ),
  });
  expect((await workshop(['checklist', id], stack.env)).stdout).toMatch(
    /signed off .* by Ann:\s+Laptop\s+check\s+of .*:\s+Windows,/,
  );
});

it('one that shows too little is refused, unless a note says why it is enough', async () => {
  const code = codeWith({ issuer: 'Netskope', checks: { ...GOOD.checks, settings: 'failed' } });
  const refused = await signOff('windows-zscaler', '--evidence', code);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(
    new RegExp(
      String.raw`^That laptop check is not enough to sign off "windows-zscaler": failed there: settings; no ` +
        String.raw`Zscaler was between .*\nLaptop check of .*Netskope.*\nMend that .* --force and a --note`,
    ),
  );
  expect(await itemOf('windows-zscaler')).not.toMatchObject({ state: 'signed off' });
  expect((await signOff('windows-zscaler', '--evidence', codeWith({ host: 1 }))).stderr).toContain(
    'it asked another workspace than 127.0.0.1:',
  );
  expect(
    (await signOff('windows-zscaler', '--evidence', code, '--force', '--note', 'Netskope is what we have')).code,
  ).toBe(0);
  expect(await itemOf('windows-zscaler')).toMatchObject({
    evidence: expect.stringMatching(
      /signed off although failed there: settings; no Zscaler was .*\. Netskope is what we have$/,
    ),
  });
});

it('a no takes any code', async () => {
  expect(
    (await signOff('windows-zscaler', '--no', '--evidence', codeWith({ checks: { ...GOOD.checks, tunnel: 'failed' } })))
      .code,
  ).toBe(0);
  expect(await itemOf('windows-zscaler')).toMatchObject({
    state: 'failed',
    evidence: expect.stringMatching(/failed: tunnel/),
  });
});

it('a yes over a no asks first, and every answer stays', async () => {
  const asked = await signOff('windows-zscaler');
  expect(asked).toMatchObject({ code: 2, stdout: '' });
  expect(asked.stderr).toMatch(/^Ann said no to "windows-zscaler" .* ago: .*That answer is kept, too\./);
  expect((await signOff('windows-zscaler', '--yes')).code).toBe(0);
  const said = (await itemOf('windows-zscaler'))?.said ?? [];
  expect(said.slice(-3).map(({ answer }) => answer)).toEqual(['yes', 'no', 'yes']);
});

it('a load test that is too short leaves the sign-off as it was, and one for no workshop costs nothing', async () => {
  const env = { ...stack.env, DATABRICKS_HOST: stack.sandbox.url, DATABRICKS_TOKEN: stack.sandbox.adminToken };
  const before = stack.sandbox.books().serving[0]?.requests ?? 0;
  const nowhere = await workshop(
    ['load-test', '--attendees', '20', '--minutes', '0.05', '--yes', '--for', 'not-there'],
    env,
  );
  expect(nowhere).toMatchObject({ code: 2, stdout: '' });
  expect(stack.sandbox.books().serving[0]?.requests ?? 0).toBe(before);
  const { stdout, stderr } = await workshop(
    ['load-test', '--attendees', '20', '--minutes', '0.05', '--yes', '--for', id],
    env,
  );
  expect(stdout).toMatch(/too short to say/);
  expect(stderr).toContain('"serving-capacity" is left as it was');
  expect(await itemOf('serving-capacity')).not.toMatchObject({ state: 'signed off' });
});
