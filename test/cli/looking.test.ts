import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workshopAddress } from '../../src/domain/replayed/made/addresses.ts';
import { eventually } from '../workflows/stage/eventually.ts';
import { RealStack } from '../workflows/stage/real-stack.ts';
import { workshop } from './run-cli.ts';

const LONG_MS = 30 * 60_000;
let stack: RealStack;
let id: string;

beforeAll(async () => {
  stack = await RealStack.start({ people: 3 });
  id = await stack.open({}, {}, { longerMs: LONG_MS });
  await eventually(async () => {
    expect((await stack.client.progress(id)).attendees.byState).toMatchObject({ ready: 3 });
  }, 110_000);
});
afterAll(() => stack?.stop());

const run = (...args: readonly string[]) => workshop(args, stack.env);

/** A lifecycle of which nobody takes work. */
async function another(name: string): Promise<() => Promise<unknown>> {
  const workflowId = workshopAddress(name);
  const handle = await stack.temporal.workflow.start('workshop', { workflowId, taskQueue: 'nobody', args: [{}] });
  return () => handle.terminate('a mistake');
}

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

it('list: those that run with what their worker says, those that ended with how', async () => {
  await (
    await another('third')
  )();
  const { code, stdout } = await run('list');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    new RegExp(String.raw`^Running\n  ${id}  Rehearsal: .*\n    .* Europe/Berlin; at "D.*"; 3 people, 3 ready`),
  );
  expect(stdout).toMatch(/^Ended$[^]*^ {2}third\n {4}terminated from outside by .*: a mistake/m);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  const listed = JSON.parse((await run('list', '--json')).stdout) as unknown;
  expect(listed).toEqual([
    expect.objectContaining({ id, state: 'running', people: 3, ready: 3, heading: expect.stringContaining('d') }),
    expect.objectContaining({ id: 'third', state: 'terminated' }),
    expect.objectContaining({ id: 'second', state: 'terminated' }),
  ]);
});
