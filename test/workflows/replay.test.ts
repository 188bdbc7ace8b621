import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Runtime,
  Worker,
  type BundleOptions,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { HEADINGS } from '../../src/domain/replayed/checklist/lines.ts';
import { WORKFLOW_CODE, WORKFLOW_CODE_THAT_TELLS } from '../../src/workflow-code.ts';
import { readRecordings, type Recorded } from './stage/recorded.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const payloadConverterPath = here('../../src/workflows/shared/payload-converter.ts');
const logger = new DefaultLogger('ERROR');
const recordings = readRecordings();

function bundle(workflows: string, code: Partial<BundleOptions> = WORKFLOW_CODE): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    ...code,
    workflowsPath: here(workflows),
    payloadConverterPath,
    logger,
    preloadModules: [...(code.preloadModules ?? []), here(workflows)],
  });
}

/** Rejects when the code asks for anything else than what was recorded. */
function replay(workflowBundle: WorkflowBundleWithSourceMap, { history, workflowId }: Recorded): Promise<void> {
  return Worker.runReplayHistory({ workflowBundle, dataConverter: { payloadConverterPath } }, history, workflowId);
}

beforeAll(() => {
  Runtime.install({ logger });
});

describe('workflow code goes on with what earlier versions of it began', () => {
  let ours: WorkflowBundleWithSourceMap;
  beforeAll(async () => {
    ours = await bundle('../../src/workflows/index.ts');
  });

  test.each([...recordings.keys()])('%s', async (name) => {
    await replay(ours, recordings.get(name) as Recorded);
  });
});

test('and so does the code that tells of ends, although what it goes on with was begun without', async () => {
  const telling = await bundle('../../src/workflows/index.ts', WORKFLOW_CODE_THAT_TELLS);
  expect(telling.code).toContain('run-ended.ts');
  for (const recording of recordings.values()) await replay(telling, recording);
});

test('every kind of workflow was recorded, and those that continue as new more than once', () => {
  const kinds = [...recordings.values()].map(({ workflowType }) => workflowType);
  expect([...new Set(kinds)].toSorted()).toEqual(['attendee', 'cohort', 'reaper', 'teardown', 'workshop']);
  // One under every heading, at least.
  expect(kinds.filter((kind) => kind === 'workshop').length).toBeGreaterThanOrEqual(HEADINGS.length);
  expect(kinds.filter((kind) => kind === 'cohort').length).toBeGreaterThanOrEqual(2);
});

test('a lifecycle that begins with another command is refused', async () => {
  const changed = await bundle('./stage/changed-workflow.ts');
  await expect(replay(changed, recordings.get('workshop/1') as Recorded)).rejects.toThrow(
    /nondeterminism|non-?determinis/i,
  );
});

test('nothing in the recordings tells of a machine, a secret or a real person', () => {
  for (const [name, { history }] of recordings) {
    const text = readable(history);
    expect(text, name).not.toMatch(/\/(?:home|root|Users|work|tmp|var)\//);
    expect(text, name).not.toMatch(/dapi[0-9a-f]|bearer|password/i);
    const domains = [...text.matchAll(/[\w.+-]+@([\w-]+(?:\.[\w-]+)*\.[a-z]{2,})/g)].map(([, domain]) => domain);
    expect(
      [...new Set(domains)].filter((domain) => domain !== 'example.com'),
      name,
    ).toEqual([]);
  }
});

/** All strings of a history, payloads decoded. */
function readable(value: unknown, key?: string): string {
  if (typeof value === 'string') return key === 'data' ? Buffer.from(value, 'base64').toString('utf8') : value;
  if (value === null || typeof value !== 'object') return '';
  return Object.entries(value)
    .map(([name, inner]) => readable(inner, Array.isArray(value) ? key : name))
    .join('\n');
}
