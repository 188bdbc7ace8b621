import { ApplicationFailure } from '@temporalio/common';
import type { Workspace } from '../databricks/workspace.ts';
import { accessActivities } from './people/access.ts';
import { canaryActivities } from './canary/canary-cluster.ts';
import { canaryChainActivities } from './canary/chain.ts';
import { claimActivities } from './setup/claim.ts';
import { clusterJobActivities } from './clusters/cluster-jobs.ts';
import { clusterActivities } from './clusters/attendee-cluster.ts';
import type { ActivityDeps } from './deps.ts';
import { cohortClosingActivities } from './ending/close-cohorts.ts';
import { peopleAppsActivities } from './ending/people-apps.ts';
import { appRoomActivities } from './setup/app-room.ts';
import { endpointActivities } from './setup/endpoint.ts';
import { asFailure } from './retryable-failures.ts';
import { eventActivities } from './ending/event-parts.ts';
import { handOverActivities } from './messages/hand-over.ts';
import { handoverActivities } from './people/write-handover.ts';
import { letterActivities } from './messages/deliver-letters.ts';
import { ClusterListings } from './clusters/listings.ts';
import { letterTexts } from './messages/letter-texts.ts';
import { noticeActivities } from './messages/notices.ts';
import { peopleActivities } from './people/people.ts';
import { policyActivities } from './setup/policy.ts';
import { poolActivities } from './setup/instance-pool.ts';
import { reapingActivities } from './ending/start-teardown.ts';
import { removalActivities } from './ending/removal.ts';
import { reportActivities } from './ending/write-report.ts';
import { rightsActivities } from './setup/rights.ts';
import { roomLetterActivities } from './messages/room-letters.ts';
import { hearHelpActivities } from './room/hear-help.ts';
import { openRoomActivities } from './room/open-room.ts';
import { wordsFromRoomActivities } from './messages/words-from-room.ts';
import type { Run } from './run.ts';
import { rollCallActivities } from './people/roll-call.ts';
import { tellingActivities } from './people/tell-attendees.ts';
import { scriptActivities } from './setup/scripts.ts';
import { volumeActivities } from './setup/volumes.ts';
import { twinActivities } from './clusters/twins.ts';
import { watchActivities } from './clusters/watch.ts';

/** Everything with a side effect, as Temporal activities. */
export function createActivities(deps: ActivityDeps) {
  const texts = letterTexts();
  const listings = new ClusterListings(deps.workspace, deps.listingGap);
  const inWorkspace = {
    ...rightsActivities(deps),
    ...claimActivities(deps),
    ...volumeActivities(deps),
    ...scriptActivities(deps),
    ...policyActivities(deps),
    ...poolActivities(deps),
    ...peopleActivities(deps),
    ...accessActivities(deps),
    ...appRoomActivities(deps),
    ...peopleAppsActivities(deps),
    ...endpointActivities(deps),
    ...clusterActivities(deps, listings),
    ...clusterJobActivities(deps, listings),
    ...canaryActivities(deps),
    ...canaryChainActivities(deps),
    ...twinActivities(deps),
    ...watchActivities(deps, listings),
    ...hearHelpActivities(deps),
    ...removalActivities(deps, listings),
    ...reportActivities(deps, listings),
    ...handoverActivities(deps),
    ...roomLetterActivities(deps, texts),
  };
  return translateErrors({
    ...onlyHere(deps.workspace, inWorkspace),
    ...letterActivities(deps, texts),
    ...noticeActivities(deps),
    ...wordsFromRoomActivities(deps),
    ...openRoomActivities(deps),
    ...handOverActivities(deps),
    ...cohortClosingActivities(deps),
    ...rollCallActivities(deps),
    ...reapingActivities(deps),
    ...eventActivities(deps),
    ...tellingActivities(deps),
  });
}

export type Activities = ReturnType<typeof createActivities>;

/** The one place where an error becomes what Temporal does about it and what people are told. */
function translateErrors<T extends Record<string, (...args: never[]) => Promise<unknown>>>(activities: T): T {
  const translated = Object.entries(activities).map(([name, act]) => [
    name,
    async (...args: never[]) => {
      try {
        return await act(...args);
      } catch (error) {
        throw asFailure(error);
      }
    },
  ]);
  return Object.fromEntries(translated) as T;
}

type WorkspaceActivity = (run: Run, ...rest: never[]) => Promise<unknown>;

/**
 * Refuses work for another workspace than the one the lifecycle was started in: an empty listing of the wrong one
 * proves nothing.
 */
function onlyHere<T extends Record<string, WorkspaceActivity>>(workspace: Workspace, activities: T): T {
  let here: Promise<string> | undefined;
  const workspaceId = () =>
    (here ??= workspace.currentUser
      .me()
      .then((me) => me.workspaceId)
      .catch((error: unknown) => {
        here = undefined;
        throw error;
      }));
  const guarded = Object.entries(activities).map(([name, act]) => [
    name,
    async (run: Run, ...rest: never[]) => {
      const id = await workspaceId();
      if (id !== run.workspaceId) {
        throw ApplicationFailure.create({
          message:
            `This worker talks to workspace ${id} (${workspace.host}); ` +
            `the workshop was started in ${run.workspaceId}.`,
          type: 'OTHER_WORKSPACE',
          details: [{ toDo: "Start the worker with the credentials of the workshop's own workspace." }],
        });
      }
      return act(run, ...rest);
    },
  ]);
  return Object.fromEntries(guarded) as T;
}
