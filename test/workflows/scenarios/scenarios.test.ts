import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { readFaultFile, type Fault } from '../../../sandbox/index.ts';
import type { Report } from '../../../src/domain/papers/report.ts';
import { workshop } from '../../cli/run-cli.ts';
import { everReady, NEEDS_TIME } from '../stage/ended-well.ts';
import { RealStack } from '../stage/real-stack.ts';
import { attendee, DAYS, PEOPLE, type Day } from './days.ts';
import { goldenPage } from './golden-page.ts';

// Every scenario as a whole small workshop. At its worst moment `bin/workshop status` has to say what
// scenarios/status/<name>.txt says. When the words have changed on purpose, write those pages anew and read them:
//   WORKSHOP_GOLDEN=write vitest run test/workflows/scenarios/

/** They wait more than they compute; more at once, and on two cores servers are late. */
const AT_ONCE = 3;
const LOOK_AGAIN_MS = 1_000;
const FOLDER = fileURLToPath(new URL('../../../scenarios/', import.meta.url));
const IS_WRITING = process.env['WORKSHOP_GOLDEN'] === 'write';

vi.setConfig({ maxConcurrency: AT_ONCE });

test('every scenario has its day here, and every golden page its scenario', () => {
  const named = (folder: string, ending: string) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(ending))
      .map((file) => file.slice(0, -ending.length));
  const days = Object.keys(DAYS).toSorted();
  expect(named(FOLDER, '.yaml')).toEqual(days);
  expect(named(`${FOLDER}status/`, '.txt')).toEqual(days);
});

describe.concurrent('scenarios/', () => {
  test.each(Object.entries(DAYS))('%s', async (name, day) => {
    const shown = (await run(name, day)) || (await run(name, day));
    expect(shown, `${name}: what status said at the worst moment`).toBe(golden(name));
  });
});

/** What `status` said; empty where the computer was too busy to look before the worst moment was over. */
async function run(name: string, day: Day): Promise<string> {
  const stack = await RealStack.start({ people: PEOPLE, faults: faultsOf(name) });
  try {
    return await wholeDay(stack, name, day);
  } finally {
    await stack.stop();
  }
}

async function wholeDay(stack: RealStack, name: string, day: Day): Promise<string> {
  const { pace, longerMs = 0, soonerMs } = day;
  const id = await stack.open(pace, {}, { longerMs, ...(soonerMs === undefined ? {} : { soonerMs }) });
  const ending = stack.report(id);
  let isOver = false;
  const over = ending.finally(() => (isOver = true)).catch(() => undefined);
  const shown = await pageOf(stack, id, name, day, () => isOver);
  const report = await ending;
  await over;
  expectEnd(stack, report, faultsOf(name), day);
  return shown;
}

/** What `status` says at the worst moment: as it should be, or all that it said while that moment lasted. */
async function pageOf(
  stack: RealStack,
  id: string,
  name: string,
  { worst, lines, isCalm = false, isWithoutPeople = false }: Day,
  isOver: () => boolean,
): Promise<string> {
  const pages = new Set<string>();
  const atWorst = async () => {
    const seen = await stack.client.progress(id).catch(() => undefined);
    const isWorst = seen?.status === 'running' && worst(seen, await stack.client.roster(id).catch(() => []));
    return isWorst ? seen : undefined;
  };
  for (; !isOver(); await wait(LOOK_AGAIN_MS)) {
    const seen = await atWorst();
    if (!seen) continue;
    const { stdout } = await workshop(['status', id], stack.env);
    // A server that is busy with its own may let somebody wait too long, and then that moment is over.
    if (stdout === '' || !(await atWorst())) continue;
    const shown = seen.checklist.filter(
      (item) => lines.includes(item.id) || (isCalm && item.state === 'failed' && item.id !== NEEDS_TIME),
    );
    const page = goldenPage(stdout, { id, lines: shown, isCalm, isWithoutPeople });
    if (IS_WRITING) write(name, page);
    if (page === golden(name)) return page;
    pages.add(page);
  }
  return [...pages].join('\nand a moment later:\n');
}

/** Nobody is lost: ready, or named with the reason; and the workspace's own books say that nothing is left. */
function expectEnd(stack: RealStack, report: Report, faults: readonly Fault[], { notReady = [] }: Day): void {
  expect(report.workshop.outcome).toBe('finished');
  expect(everReady(report)).toEqual({
    total: PEOPLE,
    ready: PEOPLE - notReady.length,
    failed: notReady.length,
    removed: PEOPLE,
  });
  expect(report.notReady.map(({ email }) => email)).toEqual(notReady.map(attendee));
  for (const { cause, toDo } of report.notReady) expect([cause, toDo]).not.toContain('');
  expect(report.proof).toMatchObject({ clusters: 0, pools: 0 });
  const { clusters, pools, faults: hits } = stack.sandbox.books();
  const byChance = new Set(faults.filter(({ probability }) => probability !== undefined).map((fault) => fault.name));
  expect([...clusters, ...pools].filter(({ alive }) => alive)).toEqual([]);
  expect([...stack.seatClusters().values()].filter((ofSeat) => ofSeat.length > 1)).toEqual([]);
  expect(
    hits.filter(({ name, fired }) => fired === 0 && !byChance.has(name)),
    'faults that hit nothing',
  ).toEqual([]);
}

function faultsOf(name: string): readonly Fault[] {
  const read = readFaultFile(readFileSync(`${FOLDER}${name}.yaml`, 'utf8'));
  if (!read.ok) throw new Error(`${name}: ${JSON.stringify(read.problems)}`);
  return read.faults;
}

const pageFile = (name: string): string => `${FOLDER}status/${name}.txt`;

const golden = (name: string): string =>
  existsSync(pageFile(name)) ? readFileSync(pageFile(name), 'utf8') : 'there is no golden page yet\n';

function write(name: string, page: string): void {
  mkdirSync(`${FOLDER}status/`, { recursive: true });
  writeFileSync(pageFile(name), page);
}
