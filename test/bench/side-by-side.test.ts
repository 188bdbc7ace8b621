import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { scriptsIn, whatIsMissing } from '../../bench/side-by-side/scripts.ts';
import { killed, quiet, runAgain } from '../../bench/side-by-side/trials.ts';
import { scratchFolder } from '../scratch.ts';

const SETTINGS = {
  people: ['ann@example.com', 'ben@example.com'],
  speed: 600,
  launch: { burst: 100, perSecond: 1 },
};

const ASK = `ask() { curl -sf -H "Authorization: Bearer $DATABRICKS_TOKEN" "$DATABRICKS_HOST$1" -d "$2"; }`;
const CREATE = `ask /api/2.1/clusters/create "{\\"cluster_name\\": \\"x-$person\\", \\"kind\\": \\"CLASSIC_PREVIEW\\",
  \\"is_single_node\\": true, \\"data_security_mode\\": \\"SINGLE_USER\\", \\"single_user_name\\": \\"$person\\",
  \\"spark_version\\": \\"17.3.x-scala2.13\\", \\"node_type_id\\": \\"Standard_D4ds_v5\\"}" >>"$WORK_FOLDER/made"`;

/** A folder with these two scripts. */
async function scripts(up: string, down: string): Promise<string> {
  const folder = join(scratchFolder(), 'mine');
  await mkdir(folder);
  for (const [name, text] of Object.entries({ up, down })) {
    await writeFile(join(folder, `${name}.sh`), `set -eu\n${ASK}\n${text}\n`);
    await chmod(join(folder, `${name}.sh`), 0o755);
  }
  return folder;
}

const EACH = (body: string) => `while read -r person; do\n${body}\ndone <"$PEOPLE_FILE"`;
/** Only what it remembers to have made. */
const DOWN =
  `grep -o '[0-9]*-[0-9]*-[a-z0-9]*' "$WORK_FOLDER/made" | while read -r id; do\n` +
  `ask /api/2.1/clusters/permanent-delete "{\\"cluster_id\\": \\"$id\\"}"\ndone`;

test('scripts of a folder are measured by the books of their sandbox', async () => {
  const mine = scriptsIn(await scripts(EACH(CREATE), DOWN));
  expect(mine.name).toBe('mine');
  const seen = await quiet(mine, SETTINGS);
  expect(seen).toMatchObject({
    up: 'well',
    down: 'well',
    without: 0,
    // Nobody was given the right to start their own.
    notShared: 2,
    requests: 1,
    refused: 0,
    duplicates: 2,
    removalRequests: 2,
    left: 0,
    othersGone: 0,
  });
  expect(seen.wave).toBeGreaterThan(0.9);
  expect(seen.whole).toBeGreaterThanOrEqual(seen.wave);
});

test("a removal by name takes another workshop's cluster, too, and a failure is told in its last words", async () => {
  const all = `ids=$(curl -sf -H "Authorization: Bearer $DATABRICKS_TOKEN" "$DATABRICKS_HOST/api/2.1/clusters/list" |
    grep -o '"cluster_id":"[^"]*"' | cut -d'"' -f4)
  for id in $ids; do ask /api/2.1/clusters/permanent-delete "{\\"cluster_id\\": \\"$id\\"}" >/dev/null; done
  echo 'that is all' >&2; exit 3`;
  const seen = await quiet(scriptsIn(await scripts(EACH(CREATE), all)), SETTINGS);
  expect(seen).toMatchObject({ left: 0, othersGone: 1, down: 'exit code 3: that is all' });
});

test('a kill in the middle ends all that was started, and what is left then is counted', async () => {
  // The second person's never comes by itself; and what was made is forgotten.
  const slow = EACH(`${CREATE.replace('$WORK_FOLDER/made', '/dev/null')}\nsleep 60`);
  const standIn = scriptsIn(await scripts(slow, 'true'));
  expect(await killed(standIn, SETTINGS)).toEqual({ madeAtKill: 1, down: 'well', left: 1, leftRunning: 1 });

  const once = `[ ! -e "$WORK_FOLDER/began" ] || { ${EACH(CREATE)}; exit 0; }; touch "$WORK_FOLDER/began"\n${slow}`;
  expect(await runAgain(scriptsIn(await scripts(once, DOWN)), SETTINGS)).toMatchObject({
    madeAtKill: 1,
    again: 'well',
    without: 0,
    duplicates: 1,
    left: 1,
  });
});

test('what cannot be tried is named with its reason', async () => {
  const before = process.env['SOME_PROGRAM'];
  onTestFinished(() => {
    if (before === undefined) delete process.env['SOME_PROGRAM'];
    else process.env['SOME_PROGRAM'] = before;
  });
  const needed = [{ variable: 'SOME_PROGRAM', what: 'a program' }];
  delete process.env['SOME_PROGRAM'];
  expect(await whatIsMissing('it', needed)).toEqual({ name: 'it', why: 'SOME_PROGRAM does not name a program' });
  process.env['SOME_PROGRAM'] = '/nowhere/at/all';
  expect(await whatIsMissing('it', needed)).toMatchObject({ why: expect.stringContaining('/nowhere/at/all') });
});
