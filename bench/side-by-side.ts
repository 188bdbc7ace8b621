/**
 * The same wave of clusters and its removal by several hands, in one run and against the same sandbox:
 * `node bench/side-by-side.ts [people] [--burst 10] [--per-second 0.05] [--only NAME,…] [--script FOLDER]…`.
 * bench/README.md says what each figure means, and what scripts in a folder of yours are told.
 */
import { parseArgs } from 'node:util';
import { rehearsalPeople } from '../src/cli/rehearsal/rehearsal-plan.ts';
import { ours } from './side-by-side/ours.ts';
import { scriptsIn, whatIsMissing } from './side-by-side/scripts.ts';
import type { LeftOut, StandIn } from './side-by-side/stand-in.ts';
import {
  killed,
  quiet,
  runAgain,
  type Killed,
  type Quiet,
  type RunAgain,
  type Settings,
} from './side-by-side/trials.ts';

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    burst: { type: 'string', default: '10' },
    'per-second': { type: 'string', default: '0.05' },
    only: { type: 'string' },
    script: { type: 'string', multiple: true, default: [] },
  },
});
/** As a rehearsal. */
const SPEED = 60;
const settings: Settings = {
  people: rehearsalPeople(Number(positionals[0] ?? 40)),
  speed: SPEED,
  launch: { burst: Number(given.burst), perSecond: Number(given['per-second']) },
};
const CLI = { variable: 'DATABRICKS_CLI', what: 'the databricks command' };
const TOFU = [
  { variable: 'TOFU', what: 'the tofu command' },
  { variable: 'DATABRICKS_PROVIDER', what: 'the folder of terraform-provider-databricks' },
];

interface Measured {
  readonly name: string;
  readonly quiet: Quiet;
  readonly killed: Killed;
  readonly runAgain: RunAgain;
}

const folderOf = (name: string): string => new URL(`side-by-side/${name}`, import.meta.url).pathname;

const leftOut: LeftOut[] = [];
const standIns: StandIn[] = [];
for (const [name, needed] of [
  ['by-hand', [CLI]],
  ['by-hand-careful', [CLI]],
  ['tofu', TOFU],
] as const) {
  const missing = await whatIsMissing(name, needed);
  if (missing) leftOut.push(missing);
  else standIns.push(scriptsIn(folderOf(name)));
}
standIns.push(...given.script.map((folder) => scriptsIn(folder)), ours);
const only = given.only?.split(',');
const chosen = standIns.filter(({ name }) => only === undefined || only.includes(name));

const measured: Measured[] = [];
for (const { name, why } of leftOut) process.stdout.write(`${name}: left out, ${why}\n`);
for (const standIn of chosen) {
  const outcome = {
    name: standIn.name,
    quiet: await quiet(standIn, settings),
    killed: await killed(standIn, settings),
    runAgain: await runAgain(standIn, settings),
  };
  measured.push(outcome);
  process.stdout.write(`${standIn.name}: ${JSON.stringify(outcome, rounded)}\n`);
}
process.stdout.write(`\n${table(measured)}\n\n`);
const { people, speed, launch } = settings;
const summary = { bench: 'side-by-side', people: people.length, speed, launch, measured, leftOut };
process.stdout.write(`${JSON.stringify(summary, rounded)}\n`);
process.exitCode = measured.every(isAsWanted) ? 0 : 1;

/** Of ours alone something is wanted: whatever happens, everybody has one cluster of their own, and nothing stays. */
function isAsWanted({ name, quiet: q, killed: k, runAgain: a }: Measured): boolean {
  if (name !== ours.name) return true;
  const isWhole = [q, a].every(({ without, notShared, duplicates }) => without + notShared + duplicates === 0);
  return isWhole && [q, k, a].every(({ left }) => left === 0) && q.othersGone === 0;
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toFixed(2)) : value;
}

function table(rows: readonly Measured[]): string {
  const number = (value: number) => String(rounded('', value));
  const columns: readonly [title: string, cell: (row: Measured) => string][] = [
    ['', ({ name }) => name],
    ['Wave', ({ quiet: { wave } }) => number(wave)],
    ['from the command on', ({ quiet: { whole } }) => number(whole)],
    ['Requests', ({ quiet: { requests } }) => number(requests)],
    ['429', ({ quiet: { refused } }) => number(refused)],
    ['Run twice: too many', ({ quiet: { duplicates } }) => number(duplicates)],
    ['Removal', ({ quiet: { removal } }) => number(removal)],
    ['its requests', ({ quiet: { removalRequests } }) => number(removalRequests)],
    ['Left', ({ quiet: { left } }) => number(left)],
    ["others' gone", ({ quiet: { othersGone } }) => number(othersGone)],
    ['Killed, removed: left', ({ killed: { left, leftRunning } }) => `${left} (${leftRunning} running)`],
    ['Killed, run again: without one', ({ runAgain: { without } }) => number(without)],
    ['without the right', ({ runAgain: { notShared } }) => number(notShared)],
    ['too many', ({ runAgain: { duplicates } }) => number(duplicates)],
    ['removed then: left', ({ runAgain: { left, leftRunning } }) => `${left} (${leftRunning} running)`],
  ];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(([title]) => title)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map(([, cell]) => cell(row)))),
  ].join('\n');
}
