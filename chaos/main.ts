import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawCrowdedDay } from './crowd.ts';
import { drawDay, drawDayOfChanges, inWords, type Day } from './day.ts';
import { runDay, type Outcome } from './run-day.ts';

const HELP = `npm run chaos -- [--runs N] [--seed S] [--parallel P] [--changes | --people N]

Runs N small workshops, P at once, each with a Temporal server, workers and a sandbox of its own. What goes wrong, who
is killed and what a facilitator does is drawn from S and the number of the run; one run again: --seed "S/7" --runs 1
--exact. Afterwards the workspace's books are asked what must never happen. Ends with 1 when anything did.
With --changes nothing goes wrong; instead the plan is changed twenty times, and then the roster, the clusters and the
letters are to agree. With --people N each workshop has N people, and workers and the Temporal server are killed and
another version is deployed in the middle of them: thousands take tens of minutes, one run at a time (--parallel 1).
`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    seed: { type: 'string', default: new Date().toISOString().slice(0, 10) },
    parallel: { type: 'string', default: '2' },
    changes: { type: 'boolean', default: false },
    people: { type: 'string', default: '' },
    exact: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const runs = Number(values.runs);
const parallel = Number(values.parallel);
if (!(Number.isInteger(runs) && runs > 0 && Number.isInteger(parallel) && parallel > 0)) {
  process.stderr.write(`--runs and --parallel are whole numbers from 1 up.\n\n${HELP}`);
  process.exit(2);
}

const people = values.people === '' ? undefined : Number(values.people);
if (people !== undefined && !(Number.isInteger(people) && people > 0 && !values.changes)) {
  process.stderr.write(`--people is a whole number from 1 up, and goes without --changes.\n\n${HELP}`);
  process.exit(2);
}

const drawnBy = (seed: string): Day =>
  people !== undefined ? drawCrowdedDay(seed, people) : values.changes ? drawDayOfChanges(seed) : drawDay(seed);

const queue = Array.from({ length: runs }, (_, n) => (values.exact ? values.seed : `${values.seed}/${n + 1}`));
const counts: Record<string, number> = {};
let bad = 0;

async function lane(): Promise<void> {
  for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
    const day = drawnBy(seed);
    const folder = await mkdtemp(join(tmpdir(), 'workshop-chaos-'));
    const outcome = await runDay(day, folder);
    for (const { act } of day.acts) counts[act] = (counts[act] ?? 0) + 1;
    const { violations, ending, tookMs, said } = outcome;
    for (const text of said.filter((line) => line.includes('set back'))) process.stdout.write(`${seed}: ${text}\n`);
    process.stdout.write(
      `${seed}: ${violations.length === 0 ? 'good' : 'VIOLATED'}, ${ending}, ${day.people.length} people, ` +
        `${day.faults.length} faults, ${day.acts.length} acts, ${Math.round(tookMs / 1_000)} s\n`,
    );
    if (violations.length === 0) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    else {
      bad += 1;
      await writeFile(join(folder, 'day.txt'), page(day, outcome));
      process.stdout.write(`${page(day, outcome)}\nKept in ${folder}\n\n`);
    }
  }
}

const page = (day: Day, { violations, said }: Outcome): string =>
  [
    `seed ${day.seed}`,
    ...violations.map((text) => `  ! ${text}`),
    'faults:',
    ...day.faults.map((fault) => `  ${JSON.stringify(fault)}`),
    'acts:',
    ...day.acts.map((act) => `  ${inWords(act)}`),
    'what was answered:',
    ...said.map((text) => `  ${text}`),
  ].join('\n');

await Promise.all(Array.from({ length: parallel }, lane));
const acts = Object.entries(counts).map(([act, n]) => `${act} ${n}`);
process.stdout.write(`\nActs: ${acts.join(', ')}.\n${runs - bad} passed, ${bad} failed\n`);
process.exit(bad === 0 ? 0 : 1);
