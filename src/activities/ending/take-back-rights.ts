import type { Plan } from '../../domain/plan/plan.ts';
import type { RightsAtEnd } from '../../domain/papers/report.ts';
import { CLUSTER_TAGS, POOL_TAGS } from '../../domain/replayed/made/cluster-spec.ts';
import { endpointsOf } from '../../domain/replayed/made/claude-settings.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import { meansNotFound, type SecurableType, type Workspace } from '../../databricks/workspace.ts';
import { isLasting } from '../retryable-failures.ts';
import type { ClusterListings } from '../clusters/listings.ts';
import { refusedAmong } from '../people/one-by-one.ts';
import { isRefusal, partsOf, privilegesFor, sqlForRevoke } from '../people/privileges.ts';
import type { Run } from '../run.ts';

/** Many people travel in one call. */
const MOST_AT_ONCE = 200;

interface Ended {
  readonly plan: Plan;
  readonly seats: readonly Seat[];
  /** How many cohorts could not be asked who is in them. */
  readonly silent: number;
  readonly poolKept: boolean;
  /** Passing trouble is no reason to try again any more. */
  readonly lastTry: boolean;
}

/**
 * Takes back what this workshop has granted to people who did not hold it before, and says what it leaves: what they
 * held already, what cannot be taken from one person alone, and everything while another workshop is in the workspace,
 * which may have let the same people in to the same volumes. Idempotent.
 * @throws passing trouble, unless it is the last try.
 */
export async function takeBackRights(
  workspace: Workspace,
  listings: ClusterListings,
  run: Run,
  { plan, seats, silent, poolKept, lastTry }: Ended,
): Promise<RightsAtEnd> {
  const granted = new Map(
    seats.flatMap(({ person, granted: what = [] }) =>
      person && what.length > 0 ? [[person.userName, what] as const] : [],
    ),
  );
  const left = new Map<string, string[]>();
  let why = '';
  try {
    why = await otherWorkshop(workspace, listings, run);
    if (why !== '') for (const [principal, what] of granted) left.set(principal, [...what]);
    else await revoke(workspace, granted, left);
  } catch (error) {
    if (!isLasting(error) && !lastTry) throw error;
    why = `it was refused: ${(error as Error).message.slice(0, 200)}`;
    for (const [principal, what] of granted) left.set(principal, [...what]);
  }
  const opened = seats.filter(({ access, person }) => access && person);
  const all = privilegesFor(plan).flatMap(({ privileges }) => privileges).length;
  const before = opened.filter(({ granted: what = [] }) => what.length < all).length;
  const queried = opened.filter(({ endpoint }) => endpoint === 'yes').length;
  const volumes = 'privileges on catalog, schema and volumes';
  return {
    takenBack: [...granted.keys()].filter((principal) => !left.has(principal)).length,
    kept: [
      ...(left.size > 0
        ? [`${volumes} of ${people(left.size)}: ${why || 'the workspace did not take them back'}`]
        : []),
      ...(plan.attendeeGroup !== undefined
        ? [`${volumes} of the group ${plan.attendeeGroup}: whoever is in charge of it decides`]
        : before > 0
          ? [`${volumes} of ${people(before)}, some or all: held before, or nobody knows any more since when`]
          : []),
      ...(queried > 0
        ? [
            `CAN_QUERY on the endpoint ${endpointsOf(plan).join(' and ')} of ${people(queried)}: the workspace takes ` +
              'it from one person only by replacing the rights of all',
          ]
        : []),
      ...(poolKept ? [`CAN_ATTACH_TO on the instance pool, which stays, of ${people(opened.length)}`] : []),
      ...(silent > 0 ? [`the rights of whoever is in ${silent} cohort(s) that could not be asked`] : []),
    ],
    commands: [...left].flatMap(([principal, what]) => what.map((one) => sqlForRevoke(one, principal))),
  };
}

const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`);

/** A sentence about what carries the run of another workshop; empty when nothing does. */
async function otherWorkshop(workspace: Workspace, listings: ClusterListings, run: Run): Promise<string> {
  const isOther = (id: string | undefined) => id !== undefined && id !== run.runId;
  const cluster = (await listings.all()).find(({ custom_tags: tags }) => isOther(tags?.[CLUSTER_TAGS.run]));
  let id = cluster?.custom_tags?.[CLUSTER_TAGS.id];
  if (cluster === undefined)
    for await (const { custom_tags: tags, state } of workspace.instancePools.list())
      if (state !== 'DELETED' && isOther(tags?.[POOL_TAGS.run])) id = tags?.[POOL_TAGS.id] ?? '?';
  return id === undefined ? '' : `the workshop "${id}" is in this workspace too, and may need them`;
}

/** Writes into `left` what somebody still holds. */
async function revoke(
  workspace: Workspace,
  granted: ReadonlyMap<string, readonly string[]>,
  left: Map<string, string[]>,
): Promise<void> {
  const byNote = Map.groupBy(
    [...granted].flatMap(([principal, what]) => what.map((note) => ({ principal, note }))),
    ({ note }) => note,
  );
  for (const [note, those] of byNote) {
    const { privilege, type, name } = partsOf(note);
    const principals = those.map(({ principal }) => principal);
    for (let at = 0; at < principals.length; at += MOST_AT_ONCE) {
      const refused = await refusedAmong(
        principals.slice(at, at + MOST_AT_ONCE),
        (some) =>
          workspace.grants.update(
            type as SecurableType,
            name,
            some.map((principal) => ({ principal, remove: [privilege] })),
          ),
        isRefusal,
      );
      for (const [principal, error] of refused)
        // Who is gone, or what is gone, holds nothing.
        if (!meansNotFound(error)) left.set(principal, [...(left.get(principal) ?? []), note]);
    }
  }
}
