import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterEntry } from '../sandbox/index.ts';
import { workshopAddress } from '../src/domain/replayed/made/addresses.ts';
import { CLUSTER_TAGS, POOL_TAGS } from '../src/domain/replayed/made/cluster-spec.ts';
import { seatKey } from '../src/domain/replayed/seat/seat-key.ts';
import type { Ending, Facilitator } from './facilitator.ts';
import { lettersOf, lettersAmiss } from './letters.ts';
import type { Outage, World } from './world.ts';

/** Two clusters of one person may both be up for so long before one of them must be seen, and gone. */
const TWIN_MS = 30_000;

/** What must never happen, whatever did. The workspace's own books are asked, and Temporal; the report least of all. */
export async function violationsOf(world: World, facilitator: Facilitator, ending: Ending): Promise<string[]> {
  const { clusters, pools } = world.sandbox.books();
  const ours = clusters.filter(({ tags }) => tags[CLUSTER_TAGS.run] === facilitator.runId);
  const ourPools = pools.filter(({ tags }) => tags[POOL_TAGS.run] === facilitator.runId);
  const letters = await lettersOf(join(world.folder, 'outbox', facilitator.id, 'letters'));
  return [
    ...(ending.how === 'not ended' ? ['unfinished: the workshop has not ended'] : []),
    ...ours.filter(({ alive }) => alive).map(({ id, state }) => `orphan: cluster ${id} is there (${state})`),
    ...ourPools.filter(({ alive }) => alive).map(({ id }) => `orphan: pool ${id} is there`),
    ...doubled(ours, world.outages),
    ...(ending.how === 'report' ? lost(facilitator, ending.report, ours) : []),
    ...facilitator.atRest.map((text) => `disagreement: ${text}`),
    ...lettersAmiss(letters, facilitator, ending, ours),
    ...(await workflowsAmiss(world, facilitator.id)),
    ...(await tokensIn(world)),
  ];
}

function doubled(ours: readonly ClusterEntry[], outages: readonly Outage[]): string[] {
  const seats = Map.groupBy(
    ours.filter(({ tags }) => tags[CLUSTER_TAGS.generation] !== '0'),
    ({ tags }) => tags[CLUSTER_TAGS.seat] ?? 'none',
  );
  return [...seats].flatMap(([seat, clusters]) =>
    clusters.flatMap((one, n) =>
      clusters.slice(n + 1).flatMap((other) => {
        const ms = together(one, other) - outages.reduce((sum, { from, to }) => sum + (to - from), 0);
        return ms > TWIN_MS
          ? [`duplicate: seat ${seat} had ${one.id} and ${other.id} up together for ${Math.round(ms / 1_000)} s`]
          : [];
      }),
    ),
  );
}

/** How long both were up, milliseconds. */
function together(one: ClusterEntry, other: ClusterEntry): number {
  let ms = 0;
  for (const a of ups(one))
    for (const b of ups(other)) ms += Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
  return ms;
}

function ups({ history }: ClusterEntry): { from: number; to: number }[] {
  return history.flatMap(({ state, at }, n) =>
    state === 'TERMINATED' || state === 'TERMINATING' ? [] : [{ from: at, to: history[n + 1]?.at ?? Date.now() }],
  );
}

/** Everybody was ready, or is named with a cause. */
function lost(
  { invited, runId }: Facilitator,
  report: Extract<Ending, { how: 'report' }>['report'],
  ours: readonly ClusterEntry[],
): string[] {
  const named = new Map(report.notReady.map(({ email, cause }) => [email, cause]));
  const ran = new Set(
    ours
      .filter(({ history }) => history.some(({ state }) => state === 'RUNNING'))
      .map(({ tags }) => tags[CLUSTER_TAGS.seat]),
  );
  return [...invited]
    .flatMap((email) => {
      if (named.has(email)) return named.get(email) ? [] : [`lost: ${email} was not ready, and nothing says why`];
      return ran.has(seatKey(runId, email)) ? [] : [`lost: ${email} is not named, and no cluster of theirs ever ran`];
    })
    .concat(
      report.attendees.total === invited.size
        ? []
        : [`lost: ${invited.size} were invited, the report counts ${report.attendees.total}`],
    );
}

async function workflowsAmiss({ temporal }: World, id: string): Promise<string[]> {
  const amiss: string[] = [];
  for await (const { workflowId, status } of temporal.workflow.list({
    query: `WorkflowId STARTS_WITH "${workshopAddress(id)}"`,
  })) {
    if (status.name === 'RUNNING') amiss.push(`unfinished: ${workflowId} still runs`);
    if (status.name === 'FAILED' || status.name === 'TIMED_OUT') amiss.push(`unfinished: ${workflowId} ${status.name}`);
  }
  return amiss;
}

/** The worker's token may be in no history, log or letter; only the workspace itself knows it. */
async function tokensIn({ folder, sandbox }: World): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || path.startsWith(join(folder, 'sandbox'))) continue;
    if ((await readFile(path)).includes(sandbox.adminToken))
      found.push(`leaked: the worker's token is in ${entry.name}`);
  }
  return found;
}
