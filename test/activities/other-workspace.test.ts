import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/activities/run.ts';
import { UnreachableError } from '../../src/databricks/workspace.ts';
import { detailOf, failureOf, openSetting, requestsTo } from './setting.ts';

const ME = 'GET /api/2.0/preview/scim/v2/Me';

/** They work for people, or on Temporal, and ask no workspace for anything. */
const NOWHERE = new Set([
  'deliverLetter',
  'sendFeedback',
  'sendWritten',
  'sendCancellation',
  'notify',
  'openRoom',
  'tellRoom',
  'handOver',
  'handOverSome',
  'closeCohorts',
  'standingOf',
  'startTeardown',
  'moveReaper',
  'removeReaper',
  'rollCall',
  'tellAttendees',
  'tellCohort',
  'startCohortAgain',
  'lookAtParts',
  'writeEventReport',
]);

describe('a worker of another workspace', () => {
  it('does nothing there but ask where it is, whatever it is given to do', async () => {
    const { activities, run, sandbox, workspace } = await openSetting();
    const inWorkspace = Object.entries(activities).filter(([name]) => !NOWHERE.has(name));
    expect(inWorkspace.length).toBeGreaterThan(20);
    for (const [name, act] of inWorkspace) {
      const outcome = (act as unknown as (run: Run, input: unknown) => Promise<unknown>)(
        { ...run, workspaceId: '4242' },
        {},
      );
      const failure = await failureOf(outcome);
      expect({ name, type: failure.type }).toEqual({ name, type: 'OTHER_WORKSPACE' });
      // A worker of the right one may be polling the same queue.
      expect(failure.nonRetryable).not.toBe(true);
      expect(failure.message).toContain(workspace.host);
      expect(detailOf(failure).toDo).toContain('credentials');
    }
    const { requests } = sandbox.books();
    expect(requests.byRoute).toEqual({ [ME]: 1 });
  });

  it('asks again where it is when nobody answered', async () => {
    let silent = true;
    const { activities, run, sandbox } = await openSetting({
      change: (workspace) => ({
        ...workspace,
        currentUser: {
          me: async (options) => {
            if (silent) throw new UnreachableError(ME, 'ECONNREFUSED', false, 'nobody listens', undefined);
            return workspace.currentUser.me(options);
          },
        },
      }),
    });
    expect(await failureOf(activities.lookForRemains(run))).toMatchObject({ type: 'UNREACHABLE', nonRetryable: false });
    silent = false;
    expect(await activities.lookForRemains(run)).toMatchObject({ clusters: [], pools: [] });
    await activities.lookForRemains(run);
    expect(requestsTo(sandbox.books(), ME)).toBe(1);
  });
});
