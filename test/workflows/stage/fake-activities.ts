import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import { tellingActivities } from '../../../src/activities/people/tell-attendees.ts';
import { eventActivities, eventReportFrom } from '../../../src/activities/ending/event-parts.ts';
import { rollCallActivities } from '../../../src/activities/people/roll-call.ts';
import type { Activities } from '../../../src/activities/index.ts';
import { readRosters } from '../../../src/activities/people/rosters.ts';
import { HOPS } from '../../../src/domain/replayed/canary/hops.ts';
import { attendeeAddress, cohortAddress } from '../../../src/domain/replayed/made/addresses.ts';
import { reportOf } from '../../../src/domain/papers/report.ts';
import type { FakeWorkspace } from './fake-workspace.ts';

/** The clock that activities live by: skipped time has nothing to do with this machine's. */
export interface Clock {
  now(): Promise<number>;
  sleep(ms: number): Promise<void>;
}

export interface Told {
  /** Names of notices to the plan's contacts. */
  readonly notices: string[];
  /** What the room was written to about. */
  readonly room: string[];
  /** Addresses and cluster ids that letters went to. */
  readonly letters: {
    readonly email: string;
    readonly clusterId: string | undefined;
    readonly about?: string;
  }[];
  /** What ran on clusters as their attendees. */
  readonly jobs: {
    readonly clusterId: string;
    readonly userName: string | undefined;
    readonly check: boolean;
    readonly save: boolean;
    readonly at: number;
  }[];
  feedback: number;
}

/** Sleeps as a polling activity does: ends when it is no longer wanted. */
async function pause(clock: Clock, ms: number): Promise<void> {
  const context = Context.current();
  context.heartbeat();
  await clock.sleep(ms);
  if (context.cancellationSignal.aborted) await context.cancelled;
}

/** Every activity, done to a workspace in memory, on the clock of the test. */
export function fakeActivities({
  workspace,
  clock,
  client,
  told,
}: {
  workspace: FakeWorkspace;
  clock: Clock;
  client: Client;
  told: Told;
}): Activities {
  const now = () => clock.now();
  const until = async (id: string, state: string, pollMs: number) => {
    while (workspace.at(await now(), id)?.state !== state) await pause(clock, pollMs);
  };
  return {
    whatMayI: async () => [
      { id: 'admin', title: 'be a workspace admin', verdict: 'yes', because: 'it is one', commands: [] },
    ],
    whoAmI: async () => ({ userName: 'worker@example.com' }),
    claimWorkshop: async () => ({}),
    takenOver: async () => undefined,
    releaseClaim: async () => {},
    ensureVolumes: async () => 'volumes are there',
    uploadScripts: async () => 'script uploaded',
    changedScripts: async () => [],
    ensurePolicy: async () => ({ policyId: 'policy-1', evidence: 'policy created' }),
    policyIsThere: async () => true,
    ensurePool: async (run) => {
      workspace.pool ??= { id: 'pool-1', runId: run.runId, min: 0, used: 0, idle: 0, pending: 0 };
      return { poolId: workspace.pool.id, ours: true, evidence: 'pool created' };
    },
    setPoolMinimum: async (_run, { minIdle }) => {
      workspace.poolMinimums.push(minIdle);
      if (workspace.pool) workspace.pool.min = minIdle;
    },
    fillPool: async (_run, { minIdle, until: deadline }) => {
      workspace.poolMinimums.push(minIdle);
      const tookMs = Math.min(deadline - (await now()), 4 * 60_000);
      await clock.sleep(tookMs);
      return { idle: minIdle, used: 0, wanted: minIdle, tookMs, idleMs: 0, errors: [] };
    },
    poolIsActive: async () => true,
    grantGroup: async () => 'granted',
    modelAnswers: async () => ({ well: true }),
    probeEndpoint: async () => 'the endpoint answers 200',

    findPerson: async (_run, { email }) => ({ userName: email, workspaceAccess: 'yes' }),
    peopleWhoChanged: async () => [],
    lookUpPeople: async (_run, { emails }) => emails.map((email) => ({ email, userName: email })),
    openAccess: async () => ({ endpoint: 'yes' }),
    deliverLetter: async (_run, { email, clusterId, about, laptopsFetchServer }) => {
      told.letters.push({
        email,
        clusterId,
        ...(about === undefined ? {} : { about }),
        ...(laptopsFetchServer === undefined ? {} : { laptopsFetchServer }),
      });
    },
    createCluster: async (run, wish) => {
      const at = await now();
      const earlier = workspace
        .all(at)
        .find(
          ({ key, generation, runId }) => key === wish.key && generation === wish.generation && runId === run.runId,
        );
      const cluster =
        earlier ??
        workspace.create(at, {
          name: `cluster of ${wish.email}`,
          key: wish.key,
          generation: wish.generation,
          runId: run.runId,
          userName: wish.userName,
          nodeType: wish.nodeType,
        });
      return { clusterId: cluster.id, name: cluster.name, launchedAt: cluster.launchedAt };
    },
    shareCluster: async (_run, { clusterId, userName }) => {
      workspace.clusters.get(clusterId)?.sharedWith.add(userName);
    },
    verifyCluster: async () => ({ scripts: 1, seen: 'events' }),
    runOnCluster: async (_run, wish) => {
      const cluster = workspace.at(await now(), wish.clusterId);
      if (cluster?.state !== 'RUNNING') return { ran: false, why: 'the cluster was asleep already' };
      await pause(clock, 15_000);
      told.jobs.push({
        clusterId: wish.clusterId,
        userName: wish.userName,
        check: wish.check,
        save: wish.save,
        at: await now(),
      });
      return workspace.job(cluster, wish);
    },
    stopCluster: async (_run, { clusterId }) => workspace.stop(await now(), clusterId),
    startCluster: async (_run, { clusterId }) => (workspace.start(await now(), clusterId) ? 'starting' : 'gone'),
    moveCluster: async (_run, { clusterId, request }) => {
      const cluster = workspace.clusters.get(clusterId);
      if (cluster) cluster.nodeType = request.nodeType;
    },
    removeTwin: async (_run, { clusterId }) => {
      workspace.remove(clusterId);
      return true;
    },
    watchClusters: async (_run, { known, inDoubt, passOver, aside, everyMs, limitMs }) => {
      const began = await now();
      for (;;) {
        const at = await now();
        const news = [
          ...workspace.news(at, known),
          ...workspace.unknown(at, { known, inDoubt, passOver }),
          ...workspace.stillUp(at, aside ?? []),
        ];
        if (news.length > 0 || at - began >= limitMs) return news;
        await pause(clock, everyMs);
      }
    },
    awaitCluster: async (_run, { clusterId, pollMs }) => {
      const began = await now();
      for (;;) {
        const cluster = workspace.at(await now(), clusterId);
        if (cluster?.state === 'RUNNING') return { bootMs: (await now()) - began };
        if (!cluster || cluster.state === 'TERMINATED')
          throw ApplicationFailure.nonRetryable(`the canary died of ${cluster?.termination?.code}`, 'CANARY_DIED', {
            toDo: 'Look at it.',
          });
        await pause(clock, pollMs);
      }
    },
    tryChain: async () => ({ hops: HOPS.map((id) => ({ id, ms: 1, state: 'passed', said: 'fine' })) }),
    removeCluster: async (_run, { clusterId, pollMs }) => {
      workspace.stop(await now(), clusterId);
      if (workspace.clusters.has(clusterId)) await until(clusterId, 'TERMINATED', pollMs);
      workspace.remove(clusterId);
      return { upMs: 1 };
    },

    // Visibility is not there on the time-skipping server: the cohorts know who their attendees are.
    ...rollCallActivities({ temporal: client }),
    ...tellingActivities({ temporal: client }),
    closeCohorts: async ({ workshopId, pollMs }) => {
      const cohorts = [];
      for (let n = 0; (await standing(client, cohortAddress(workshopId, n))) !== 'none'; n += 1)
        cohorts.push(cohortAddress(workshopId, n));
      const seats = await readRosters(client, workshopId, cohorts.length);
      for (const id of [...cohorts, ...seats.map(({ key }) => attendeeAddress(workshopId, key))]) {
        if ((await standing(client, id)) === 'running')
          await client.workflow
            .getHandle(id)
            .signal('release')
            .catch(() => {});
        while ((await standing(client, id)) === 'running') await pause(clock, pollMs);
      }
      return { terminated: 0 };
    },
    terminateClusters: async (_run, { ids }) => {
      const at = await now();
      for (const id of ids) workspace.stop(at, id);
      return [];
    },
    deleteClusters: async (_run, { ids }) => {
      for (const id of ids) workspace.remove(id);
      return [];
    },
    lookForRemains: async (run) => {
      const began = await now();
      return {
        began,
        clusters: workspace
          .all(began)
          .filter(({ runId }) => runId === run.runId)
          .map(({ id, name, state, launchedAt, terminatedAt }) => ({
            id,
            name,
            down: state === 'TERMINATED',
            ...(terminatedAt === undefined ? {} : { terminatedAt }),
            upMs: (terminatedAt ?? began) - launchedAt,
          })),
        pools: workspace.poolsOf(run.runId),
        unread: [],
      };
    },
    lookAtPools: async (run) => workspace.poolsOf(run.runId),
    deletePool: async () => {
      workspace.pool = undefined;
      return undefined;
    },
    quietPool: async () => {
      if (workspace.pool) Object.assign(workspace.pool, { min: 0, idle: 0, used: 0, pending: 0 });
      return undefined;
    },

    notify: async (_run, { name }) => {
      told.notices.push(name);
      return name;
    },
    writeToRoom: async (_run, { about }) => {
      told.room.push(about);
      return 1;
    },
    openRoom: async () => {},
    hearHelp: async () => ({ next: 'not yet' }),
    tellRoom: async (_run, { to }) => ({ people: to === undefined ? 2 : 1, leaves: true }),
    handOver: async () => ({ is: 'accepted', receipt: 'taken' }),
    handOverSome: async (_run, { messages }) => messages.rows.map(() => ({ is: 'accepted', receipt: 'taken' })),
    sendFeedback: async () => {
      told.feedback += 1;
      return 'sent';
    },
    writeHandover: async () => 'memory',
    writeReport: async (run, { plan, timeline, estimate, state }) => {
      const seats = await readRosters(client, run.workshopId, state.cohorts.length);
      return { report: reportOf({ plan, timeline, run, seats, state, estimate, actual: 1 }), where: 'memory' };
    },
    ...eventActivities({ temporal: client, folder: '' }),
    writeEventReport: async ({ event }) => ({ report: await eventReportFrom(client, event), where: 'memory' }),
    standingOf: ({ workflowId }) => standing(client, workflowId),
    startTeardown: async () => {},
    checkAppRoom: async () => 'room',
    endApps: async (_run, { known }) => ({ afterwards: 'stop', names: known, there: [], refused: [] }),
    sendWritten: async () => 0,
    sendCancellation: async () => 0,
    takeBackRightsOf: async () => {},
    moveReaper: async () => {},
    removeReaper: async () => {},
  };
}

async function standing(client: Client, workflowId: string): Promise<'running' | 'closed' | 'none'> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING' ? 'running' : 'closed';
  } catch {
    return 'none';
  }
}
