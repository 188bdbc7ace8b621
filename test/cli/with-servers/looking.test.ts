import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workshopAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { scratchFolder } from '../../scratch.ts';
import { eventually } from '../../workflows/stage/eventually.ts';
import { RealStack } from '../../workflows/stage/real-stack.ts';
import { MAIN, workshop } from '../run-cli.ts';

const LONG_MS = 30 * 60_000;
let stack: RealStack;
let id: string;

beforeAll(async () => {
  const effect = { launchFails: { code: 'INIT_SCRIPT_FAILURE', message: 'install-claude-code.sh exited with 7' } };
  const faults = [{ cluster: { person: 'attendee003@example.com' }, effect }];
  stack = await RealStack.start({ people: 3, faults });
  id = await stack.open({}, {}, { longerMs: LONG_MS });
  await eventually(async () => {
    expect((await stack.client.progress(id)).attendees.byState).toMatchObject({ ready: 2, failed: 1 });
  }, 110_000);
});
afterAll(() => stack?.stop());

const run = (...args: readonly string[]) => workshop(args, stack.env);
const withinColumns = (text: string) => {
  // A command to be copied is one line.
  const prose = text.split('\n').filter((line) => !/^ +databricks /.test(line));
  for (const line of prose) expect(line.length).toBeLessThanOrEqual(80);
};

/** A lifecycle of which nobody takes work. */
async function another(name: string): Promise<() => Promise<unknown>> {
  const workflowId = workshopAddress(name);
  const handle = await stack.temporal.workflow.start('workshop', { workflowId, taskQueue: 'nobody', args: [{}] });
  return () => handle.terminate('a mistake');
}

describe('why', () => {
  it('says cause, next step and attempts of whoever fails, and that nothing of the workspace was read', async () => {
    const { code, stdout } = await run('why', id, 'attendee003');
    withinColumns(stdout);
    const flat = stdout.replaceAll(/\s+/g, ' ');
    expect(code).toBe(0);
    expect(flat).toContain('attendee003@example.com: failed, something is wrong. Times are those of Europe/Berlin.');
    expect(flat).toMatch(/What is wrong .*INIT_SCRIPT_FAILURE.*What to do: /);
    expect(flat).toMatch(/What comes next It is (?:tried again by itself: .* \(in .*\)\.|being tried again now\.)/);
    expect(flat).toMatch(/Attempts so far \d+ clusters? made, .* seen TERMINATED: INIT_SCRIPT_FAILURE/);
    expect(flat).toContain("this needs the workspace's credentials in the environment");
  });

  it('reads the events and the end of the log with the credentials of the environment', async () => {
    const { cluster } = (await stack.client.roster(id)).find(({ email }) => email.startsWith('attendee001')) ?? {};
    const folder = '/Volumes/main/default/workshop_logs';
    const credentials = { DATABRICKS_HOST: stack.sandbox.url, DATABRICKS_TOKEN: stack.sandbox.adminToken };
    const { stdout } = await workshop(['why', 'attendee001'], { ...stack.env, ...credentials });
    const flat = stdout.replaceAll(/\s+/g, ' ');
    expect(flat).toContain('attendee001@example.com: ready, the cluster runs and serves.');
    expect(flat).toMatch(/What the workspace says now RUNNING .* INIT_SCRIPTS_FINISHED: init script SUCCEEDED/);
    expect(flat).toContain(`There is no init log yet: ${folder}/${cluster?.id}/init-script-claude.log`);
  });

  it('wants to know who is meant, and reads like JSON for programs', async () => {
    expect(await run('why', 'attendee00')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Several addresses begin with "attendee00": attendee001@example.com, '),
    });
    const { code, stdout, stderr } = await run('why', 'attendee002', '--json');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      workshop: id,
      alias: `workshop-${id}`,
      seat: { email: 'attendee002@example.com', state: 'ready' },
      history: { isCutOff: false, attempts: expect.arrayContaining([expect.objectContaining({ what: 'create' })]) },
    });
  });
});

describe('connected', () => {
  it('counts how everybody stands, with the credentials of an admin', async () => {
    const credentials = { DATABRICKS_HOST: stack.sandbox.url, DATABRICKS_TOKEN: stack.sandbox.adminToken };
    // While the third one's is tried again, it is starting.
    await eventually(async () => {
      const { code, stdout, stderr } = await workshop(['connected', id, '--json'], { ...stack.env, ...credentials });
      expect([code, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout)).toMatchObject({
        workshop: id,
        counts: { connected: 0, ready: 2, broken: 1 },
        notConnectedYet: ['attendee001@example.com', 'attendee002@example.com', 'attendee003@example.com'],
        people: expect.arrayContaining([
          expect.objectContaining({ email: 'attendee003@example.com', cause: expect.stringContaining('INIT_SCRIPT') }),
        ]),
        keptAwake: [],
      });
      const page = await workshop(['connected', id], { ...stack.env, ...credentials });
      expect(page.stdout).toContain('  0 connected   2 ready');
      withinColumns(page.stdout);
    });
  });

  it('says which credentials it needs', async () => {
    const { code, stderr } = await run('connected', id);
    expect([code, stderr]).toEqual([2, expect.stringContaining('DATABRICKS_HOST')]);
  });
});

describe('handover', () => {
  it('prints the page, with everybody and the commands for their clusters', async () => {
    const { code, stdout } = await run('handover', id);
    const { cluster } = (await stack.client.roster(id)).find(({ email }) => email.startsWith('attendee001')) ?? {};
    expect([code, stdout]).toEqual([0, expect.stringContaining(`| attendee001@example.com |  |  | ${cluster?.id} |`)]);
    expect(stdout).toContain(`'${cluster?.id}'`);
    expect(stdout).toMatch(/^databricks instance-pools delete '.+'$/m);
  });

  it('writes it into a file for its owner alone, and says what to do when it cannot', async () => {
    const out = join(scratchFolder(), 'handover.md');
    expect(await run('handover', id, '--out', out)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining(`Written to ${out}.`),
    });
    expect(await readFile(out, 'utf8')).toContain('## Take it down by hand');
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    const nowhere = await run('handover', id, '--out', join(out, 'below'));
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('Name another file after --out.') });
  });
});

it('checklist: the guide whole, with who said what', async () => {
  await run('sign-off', id, 'support-channel', '--by', 'Ann', '--note', 'the channel is open');
  const { code, stdout } = await run('checklist');
  expect([code, stdout]).toEqual([0, expect.stringMatching(/signed off .* by Ann: the channel is open/)]);
  expect(stdout).toContain('Times are those of Europe/Berlin.');
  const { checklist } = JSON.parse((await run('checklist', '--json')).stdout) as { checklist: unknown };
  expect(checklist).toContainEqual(
    expect.objectContaining({ id: 'support-channel', state: 'signed off', by: 'Ann', evidence: 'the channel is open' }),
  );
});

it('status ends quietly when nobody reads on, whatever it would have told by its exit code', async () => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, 'status', id], {
    env: { ...process.env, ...stack.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise((settle) => child.once('close', settle));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

describe('the id', () => {
  it('is not needed while only one runs, and it is said which is meant', async () => {
    const only = `Workshop ${id}, the only one that runs on ${stack.env['TEMPORAL_ADDRESS']}.\n`;
    const status = await run('status');
    expect([status.stderr, status.stdout]).toEqual([only, expect.stringContaining(id)]);
    const list = await run('attendees', 'list');
    expect(list).toMatchObject({ code: 0, stderr: only, stdout: expect.stringContaining('attendee002@example.com') });
    const add = await run('attendees', 'add', 'attendee001@example.com');
    expect(add).toMatchObject({ code: 0, stdout: expect.stringContaining('attendee001@example.com') });
    const report = await run('report');
    expect(report).toMatchObject({ code: 2, stderr: expect.stringContaining(`"${id}" is not over`) });
    const answer = await run('sign-off', 'proxy', '--by', 'Ann', '--note', 'two laptops');
    expect(answer).toMatchObject({ code: 0, stdout: 'proxy: signed off by Ann\n' });
    const waived = await run('waive', 'windows-zscaler', '--by', 'Bo', '--reason', 'no Windows here');
    expect(waived).toMatchObject({ code: 0, stdout: 'windows-zscaler: waived by Bo\n' });
    const again = await run('retry', 'attendee001@example.com', '--by', 'Cy');
    expect(again).toMatchObject({ code: 0, stdout: 'attendee001@example.com: tried again for Cy\n' });
  });

  it('that is wrong brings the right one to mind', async () => {
    const { code, stderr } = await run('status', id.replace('rehearsal', 'rehersal'));
    expect([code, stderr]).toEqual([2, expect.stringContaining(`Did you mean "${id}"?`)]);
  });

  it('must be written out where nobody is asked before everything goes', async () => {
    for (const args of [
      ['cancel', '--yes'],
      ['teardown', '--execute', '--yes'],
    ])
      expect(await run(...args)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('with --yes, name the workshop that is to be removed'),
      });
  });

  it('is wanted as soon as a second one runs', async () => {
    const end = await another('second');
    const { code, stderr } = await run('status');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^Which workshop\? 2 run on .*\n {2}.*\n {2}second$/m)]);
    await end();
  });
});

it('history: who said what so far, by name', async () => {
  const { code, stdout } = await run('history', id);
  withinColumns(stdout);
  const flat = stdout.replaceAll(/\s+/g, ' ');
  expect(code).toBe(0);
  expect(flat).toMatch(/somebody at \d+@\S+: started it, "Rehearsal: .*", 3 people, to begin .* Europe\/Berlin\./);
  expect(flat).toContain(' Ann: signed support-channel off: the channel is open.');
  expect(flat).toContain(' Ann: signed proxy off: two laptops.');
  expect(flat).toContain(' Bo: waived windows-zscaler: no Windows here.');
  expect(flat).toContain(' Cy: asked for another try of attendee001@example.com.');
  expect(flat).toContain('Nothing of this is missing.');
  const { changes } = JSON.parse((await run('history', id, '--json')).stdout) as { changes: unknown };
  expect(changes).toContainEqual(
    expect.objectContaining({ kind: 'update', name: 'waive', by: 'Bo', answer: 'windows-zscaler: waived by Bo' }),
  );
  expect(await run('history', 'nobody')).toMatchObject({ code: 2, stderr: expect.stringContaining('Known there: ') });
});

it('list: those that run with what their worker says, those that ended with how', async () => {
  await (
    await another('third')
  )();
  const { code, stdout } = await run('list');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    new RegExp(String.raw`^Running\n  ${id}  Rehearsal: .*\n    .* Europe/Berlin; at "D.*"; 3 people, 2 ready`),
  );
  expect(stdout).toMatch(/^Ended$[^]*^ {2}third\n {4}terminated from outside by .*: a mistake/m);
  withinColumns(stdout);
  const listed = JSON.parse((await run('list', '--json')).stdout) as unknown;
  expect(listed).toEqual([
    expect.objectContaining({ id, state: 'running', people: 3, ready: 2, heading: expect.stringContaining('d') }),
    expect.objectContaining({ id: 'third', state: 'terminated' }),
    expect.objectContaining({ id: 'second', state: 'terminated' }),
  ]);
});

it('after a termination: history, list and why say so, with who did it and what for', async () => {
  await stack.temporal.workflow.getHandle(workshopAddress(id)).terminate('the wrong window');
  const flat = async (...args: readonly string[]) => (await run(...args)).stdout.replaceAll(/\s+/g, ' ');
  expect(await flat('history', id)).toMatch(
    /somebody at \S+ terminated the lifecycle from outside: the wrong window\./,
  );
  expect(await flat('list')).toContain(': the wrong window');
  expect(await flat('why', id, 'attendee003')).toContain('Nothing by itself: the lifecycle of this workshop has ended');
});
