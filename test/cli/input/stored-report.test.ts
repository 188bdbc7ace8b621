import { expect, it } from 'vitest';
import { reportInVolume } from '../../../src/cli/input/stored-report.ts';
import type { Workspace } from '../../../src/databricks/workspace.ts';
import { sealedJson } from '../../../src/domain/papers/report-seal.ts';
import type { Report } from '../../../src/domain/papers/report.ts';

const RUNS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;
const report = (runId: string, ready: number): Report => ({
  workshop: {
    id: 'spring',
    title: 'Spring',
    runId,
    workspace: 'https://adb-1.2.azuredatabricks.net',
    start: '2027-03-16T08:00:00Z',
    end: '2027-03-16T12:00:00Z',
    timeZone: 'UTC',
    outcome: 'finished',
  },
  attendees: { total: 9, ready, failed: 9 - ready, removed: 9 },
  clusters: { created: 9, deleted: 9, left: 0 },
  pool: { created: 1, deleted: 1 },
  kept: [],
  cost: { currency: 'USD', estimate: 1, actual: 1, note: 'metered, not the invoice' },
  proof: { first: null, second: null, clusters: 0, pools: 0 },
  notReady: [],
  checklist: [],
});

/** The volume holds these files, the last one written last. */
const volume = (...files: readonly (readonly [runId: string, text: string])[]) =>
  ({
    files: {
      list: async function* () {
        yield* files.map(([runId], at) => ({
          path: `/Volumes/a/b/c/workshop-spring-${runId}.json`,
          last_modified: at,
        }));
      },
      download: async (path: string) => Buffer.from(files.find(([runId]) => path.includes(runId))?.[1] ?? ''),
    },
  }) as unknown as Pick<Workspace, 'files'>;

const read = async (files: Pick<Workspace, 'files'>, keys: readonly string[]) => {
  const found = await reportInVolume(files, 'a.b.c', 'spring', keys);
  return found && [found.seal, found.report.workshop.runId, found.report.attendees.ready];
};

it('a report with a seal that fits is as it was written, and comes back without the seal', async () => {
  const there = volume([RUNS[0], sealedJson(report(RUNS[0], 9), 'key')]);
  expect(await read(there, ['key'])).toEqual(['as written', RUNS[0], 9]);
  expect((await reportInVolume(there, 'a.b.c', 'spring', ['new', 'key']))?.report).toEqual(report(RUNS[0], 9));
});

it('says of any other what is not known', async () => {
  const sealed = sealedJson(report(RUNS[0], 3), 'key');
  expect(await read(volume([RUNS[0], sealed]), [])).toEqual(['no key', RUNS[0], 3]);
  expect(await read(volume([RUNS[0], sealed.replace('"ready": 3', '"ready": 9')]), ['key'])).toEqual([
    'changed',
    RUNS[0],
    9,
  ]);
  expect(await read(volume([RUNS[0], sealedJson(report(RUNS[0], 3), undefined)]), ['key'])).toEqual([
    'no seal',
    RUNS[0],
    3,
  ]);
});

it('takes one whose seal fits before a newer one that anybody could have put there', async () => {
  const forged = sealedJson(report(RUNS[1], 9), 'another key');
  const there = volume([RUNS[0], sealedJson(report(RUNS[0], 3), 'key')], [RUNS[1], forged]);
  expect(await read(there, ['key'])).toEqual(['as written', RUNS[0], 3]);
  expect(await read(there, [])).toEqual(['no key', RUNS[1], 9]);
});

it('takes no sealed report of another run that was copied to this name', async () => {
  expect(await read(volume([RUNS[1], sealedJson(report(RUNS[0], 9), 'key')]), ['key'])).toBeUndefined();
});
