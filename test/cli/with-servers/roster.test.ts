import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { eventually } from '../../workflows/stage/eventually.ts';
import { RealStack } from '../../workflows/stage/real-stack.ts';
import { planFiles, scratch, workshop } from '../run-cli.ts';

let stack: RealStack;
let id: string;
beforeAll(async () => {
  stack = await RealStack.start({ people: 1 });
  id = await stack.open({}, {}, { longerMs: 600_000 });
});
afterAll(async () => stack?.stop());

const run = (...args: string[]) => workshop(['attendees', ...args], stack.env);

it('a roster is added to a workshop, listed by name, exported, and read again', async () => {
  const folder = scratch();
  const roster = join(folder, 'late.csv');
  writeFileSync(roster, 'Name;E-Mail;Tisch\nLate Joiner;late@example.com;7\nJane;;\n');
  for (const email of ['late@example.com', 'later@example.com']) stack.sandbox.addUser(email);
  const added = await run('import', roster, id);
  expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(/^1 added\. /) });
  expect(added.stderr).toContain('Left out: line 3, "Jane" (no address)');

  await eventually(async () =>
    expect((await run('list', id)).stdout).toMatch(/^late@example\.com .*Late Joiner, table 7$/m),
  );
  const seats = JSON.parse((await run('list', id, '--json')).stdout) as Seat[];
  expect(seats.find(({ email }) => email === 'late@example.com')).toMatchObject({
    details: { name: 'Late Joiner', table: '7' },
  });

  expect((await run('list', id)).stdout).toMatch(/\nTimes are those of [A-Za-z/]+\.\n$/);

  const out = join(folder, 'people.csv');
  expect(await run('export', id, '--out', out)).toMatchObject({ code: 0, stdout: '' });
  expect(statSync(out).mode & 0o777).toBe(0o600);
  expect(readFileSync(out, 'utf8')).toMatch(/^"late@example\.com","Late Joiner","7","attendee",/m);
  expect((await run('import', out, id, '--dry-run')).stdout).toMatch(/: 2 people, 2 of them enrolled already, 0 left/);

  // By hand, as it is pasted; and a name that was not known before.
  const pasted = await run('add', id, 'Later Joiner <later@example.com>; "Joiner, Latest" <late@example.com>');
  expect(pasted.stdout).toMatch(/^1 added; enrolled already: late@example\.com\./);
  await eventually(async () => {
    const { stdout } = await run('export', id, '--separator', ';');
    expect(stdout).toContain('"later@example.com";"Later Joiner"');
    expect(stdout).toContain('"late@example.com";"Latest Joiner";"7"');
  });
});

it('whoever is added is looked up at once, and a second address of somebody is nobody else', async () => {
  stack.sandbox.addUser({ userName: 'u1234@corp.example.com', emails: ['cleo@example.com', 'cleo@home.example.com'] });
  stack.sandbox.addUser({ userName: 'dora@example.com', active: false });
  const added = await run('add', id, 'cleo@example.com', 'persn22@example.com', 'dora@example.com');
  expect(added.code).toBe(1);
  expect(added.stdout).toMatch(/^3 added\./);
  expect(added.stdout).toContain('! persn22@example.com is not a user of this workspace. Add persn22@example.com');
  expect(added.stdout).toContain(`bin/workshop attendees remove ${id} persn22@example.com`);
  expect(added.stdout).toContain('! dora@example.com is deactivated in this workspace.');
  expect(added.stdout).toContain('cleo@example.com was found in the workspace.');
  expect(added.stdout).toContain(`databricks auth login --host ${stack.sandbox.url} --profile workshop-${id}`);

  const twice = await run('add', id, 'cleo@home.example.com');
  expect(twice).toMatchObject({ code: 0, stdout: expect.stringMatching(/^0 added\./) });
  expect(twice.stdout).toContain(
    '! cleo@home.example.com and cleo@example.com are one person, the user u1234@corp.example.com of the workspace: ' +
      'cleo@home.example.com was not added.',
  );

  const roster = join(scratch(), 'twice.txt');
  writeFileSync(roster, 'u1234@corp.example.com\ncleo@home.example.com\nnobody@example.com\n');
  const here = { ...stack.env, DATABRICKS_HOST: stack.sandbox.url, DATABRICKS_TOKEN: stack.sandbox.adminToken };
  const read = await workshop(['attendees', 'import', roster, '--dry-run'], here);
  expect(read).toMatchObject({ code: 0, stderr: '' });
  expect(read.stdout).toContain(
    'line 2  cleo@home.example.com and u1234@corp.example.com are one person, the user u1234@corp.example.com',
  );
  expect(read.stdout).toContain('line 3  nobody@example.com is not a user of this workspace.');
  const inThere = await run('import', roster, id, '--dry-run');
  expect(inThere.stdout).toContain('line 1  u1234@corp.example.com and cleo@example.com are one person');
});

it('what the roster of a plan says of people is there from the start', async () => {
  const plan = planFiles(
    [
      ['id: spring-apps', 'id: by-table'],
      ['https://adb-1234567890123456.7.azuredatabricks.net', stack.sandbox.url],
    ],
    'Mail\tFirst name\tLast name\tTable\nann@example.com\tAnn\tExample\t3\n',
  );
  const env = { ...stack.env, DATABRICKS_HOST: stack.sandbox.url, DATABRICKS_TOKEN: stack.sandbox.adminToken };
  expect(await workshop(['start', plan, '--yes'], env)).toMatchObject({ code: 0 });
  await eventually(async () =>
    expect((await run('list', 'by-table')).stdout).toMatch(/^ann@example\.com .*Ann Example, table 3$/m),
  );
});

it('an export that cannot be written says so', async () => {
  const { code, stderr } = await run('export', id, '--out', '/nowhere/people.csv');
  expect(code).toBe(2);
  expect(stderr).toMatch(/^\/nowhere\/people\.csv cannot be written: /);
});
