import { expect, test } from 'vitest';
import { checklistLines } from '../../../src/cli/terminal/checklist-lines.ts';
import { styleFor } from '../../../src/cli/terminal/style.ts';
import { progressAt } from '../sample-progress.ts';
import { stopWords } from '../../../src/domain/replayed/diagnosis/breaker.ts';

test('launches that are stopped: status says what happened, what it means and what to type', () => {
  const example = 'The init script failed. (INIT_SCRIPT_FAILURE: exited with 7)';
  const run = { class: 'init script', people: 7, lastAt: 1, example, exampleAt: 1 };
  const item = {
    id: 'launches',
    heading: 'first',
    title: 'Launches: no run of like failures',
    kind: 'check',
    needs: [],
    state: 'failed',
    at: 0,
    ...stopWords(run, 'spring', 'not'),
  } as const;
  expect(
    checklistLines([item], { style: styleFor({}, {}), id: 'spring', timeZone: 'Europe/Berlin', over: false }),
  ).toEqual([
    'First',
    '  ✘ Launches: no run of like failures  launches are stopped: those of 7 people in a row failed alike ' +
      '(init script), and none came up since. The init script failed or could not be read with this ' +
      "person's rights. The first was told: The init script failed. (INIT_SCRIPT_FAILURE: exited with 7)",
    '      What it means: nobody else is launched and nothing more is spent; clusters that run go on.',
    "      What to do: Read the script's log in the logs volume under the cluster's id; check READ VOLUME on the " +
      'scripts volume.',
    '      By itself: nothing before the day of the event, because each try costs a machine.',
    '      Who they are: bin/workshop attendees list spring --state failed',
    '      When the cause is mended, all who are not ready go on with: bin/workshop retry spring launches',
  ]);
});

test('a line that cannot begin says which failed line it waits for, and how to go on without that', () => {
  const { checklist } = progressAt('day of', {
    canary: { state: 'failed', toDo: 'Stage the bundle again.' },
    enrol: { state: 'passed' },
  });
  const lines = checklistLines(checklist, { style: styleFor({}, {}), id: 'spring', timeZone: 'UTC', over: false });
  const at = lines.indexOf("  ◌ Everybody's cluster runs before the start");
  expect(lines[at + 1]).toBe(
    '      It waits for "Canary: a cluster boots, and what can be tried on it works". Without that it goes on with: ' +
      'bin/workshop waive spring canary --reason "<why>"',
  );
  expect(lines.filter((line) => line.includes('"Enrol everybody'))).toEqual([]);
});
