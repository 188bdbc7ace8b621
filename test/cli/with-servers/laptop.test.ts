import { afterAll, beforeAll, expect, it } from 'vitest';
import { cohortAddress, queuesOf, workshopAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { newSeat, type Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { codeOf, GOOD, HOST } from '../../domain/papers/laptop-code.ts';
import { ON_ITS_DAY, openSmallServer, type SmallServer } from '../../workflows/room/small-server.ts';
import { workshop } from '../run-cli.ts';

const ID = 'spring';
const seatOf = (email: string, name: string): Seat => ({
  ...newSeat(email.replace('@example.com', ''), email, 'attendee', 1),
  details: { name },
});

let server: SmallServer;
beforeAll(async () => {
  server = await openSmallServer();
  const workspace = `https://${HOST}`;
  const { workflows: taskQueue } = queuesOf(workspace, '4242');
  await server.work({ taskQueue, workflowsPath: ON_ITS_DAY });
  const { workflow } = server.temporal;
  await workflow.start('workshop', {
    workflowId: workshopAddress(ID),
    taskQueue,
    args: [{ progress: { cohorts: 1 } }],
    memo: { about: { runId: 'r', workspace, workspaceId: '4242', timeline: { dayOf: Date.now() + 3_600_000 } } },
  });
  const roster = [seatOf('ann@example.com', 'Ann Lee'), seatOf('bo@example.com', 'Bo Lund')];
  await workflow.start('cohort', { workflowId: cohortAddress(ID, 0), taskQueue, args: [{ roster }] });
});
afterAll(() => server?.close());
const laptop = (...args: string[]) => workshop(['laptop', ...args], server.env);

it('takes a code in for whoever it is of, and says what it shows', async () => {
  const code = codeOf(GOOD);
  expect(await laptop(code.toLowerCase(), '--person', 'ann', ID)).toMatchObject({
    code: 0,
    stderr: '',
    stdout:
      'ann@example.com: the laptop check is recorded.\n' +
      'Laptop check of 2027-03-12: Windows, databricks 1.8.0, TLS opened by Zscaler, no proxy; passed: cli, version, ' +
      'ssh, vscode, remote-ssh, settings, reach, apps, sign-in, tunnel, check-claude.\n',
  });
  expect((await server.client.room(ID)).laptops).toMatchObject({ ann: { code: code.replaceAll('-', '') } });
});

it('says what follows from what failed, and from another workspace; by name, and without the id', async () => {
  const code = codeOf({ ...GOOD, host: 1, checks: { ...GOOD.checks, tunnel: 'failed' } });
  const { stdout, stderr } = await laptop(code, '--person', 'bo lund');
  expect(stderr).toMatch(/^Workshop spring, the only one that runs on .*\n$/);
  expect(stdout).toContain('bo@example.com: the laptop check is recorded.\n');
  expect(stdout).toContain(`It asked another workspace than ${HOST}, so it says little about this workshop: have them`);
  expect(stdout).toContain('That laptop is not ready: tunnel failed. The check itself says below each of them what to');
  const printed = JSON.parse((await laptop(code, '--person', 'bo', ID, '--json')).stdout) as { next: string[] };
  expect(printed).toMatchObject({ workshop: ID, email: 'bo@example.com', evidence: { checks: { tunnel: 'failed' } } });
  expect(printed.next).toHaveLength(2);
});

it('refuses a typo before anybody is asked, and nobody', async () => {
  const typo = await laptop(codeOf(GOOD).slice(0, -1), '--person', 'ann', ID);
  expect(typo).toMatchObject({ code: 2, stdout: '' });
  expect(typo.stderr).toContain('cannot be used. It is not as the laptop check printed it:');
  const nobody = await laptop(codeOf(GOOD), '--person', 'cy', ID);
  expect(nobody).toMatchObject({ code: 2, stdout: '' });
  expect(nobody.stderr).toContain('Nobody in "spring" has an address that begins with "cy".');
});
