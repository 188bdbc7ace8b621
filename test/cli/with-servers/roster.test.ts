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
