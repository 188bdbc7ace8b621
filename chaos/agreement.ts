import { join } from 'node:path';
import { spanText } from '../src/domain/papers/letters.ts';
import { CLUSTER_TAGS } from '../src/domain/replayed/made/cluster-spec.ts';
import { isAttendee, type Seat } from '../src/domain/replayed/seat/seat.ts';
import { seatKey } from '../src/domain/replayed/seat/seat-key.ts';
import type { Facilitator } from './facilitator.ts';
import { lettersOf, type Letter } from './letters.ts';
import type { World } from './world.ts';

type Clusters = ReturnType<World['sandbox']['books']>['clusters'];

/**
 * Where the roster, the workspace's own books and the letters say different things about who takes part, with which
 * cluster, from when on. Empty once all changes of plan have come to rest and the workshop has begun.
 */
export async function disagreements(world: World, facilitator: Facilitator): Promise<string[]> {
  const { id, runId, invited } = facilitator;
  const { about } = await world.client.look(id);
  const seats = (await world.client.roster(id)).filter(isAttendee);
  const letters = await lettersOf(join(world.folder, 'outbox', id, 'letters'));
  const alive = world.sandbox
    .books()
    .clusters.filter((cluster) => cluster.alive && cluster.tags[CLUSTER_TAGS.run] === runId);
  const [begins = ''] = about ? spanText(about.timeline.start, about.timeline.end, about.timeZone).split(' to ') : [];
  const keys = new Set([...invited].map((email) => seatKey(runId, email)));
  const emails = new Set(seats.map(({ email }) => email));
  return [
    ...[...invited].filter((email) => !emails.has(email)).map((email) => `${email} takes part, and has no seat`),
    ...seats.filter(({ email }) => !invited.has(email)).map(({ email }) => `${email} was removed, and has a seat`),
    ...alive
      .filter(({ tags }) => tags[CLUSTER_TAGS.generation] !== '0' && !keys.has(tags[CLUSTER_TAGS.seat] ?? ''))
      .map((cluster) => `cluster ${cluster.id} belongs to nobody who takes part`),
    ...seats.flatMap((seat) => [
      ...ofCluster(
        seat,
        alive.filter(({ tags }) => tags[CLUSTER_TAGS.seat] === seat.key),
      ),
      ...ofLetters(
        seat,
        letters.filter(({ to }) => to === seat.email),
        begins,
      ),
    ]),
  ];
}

function ofCluster({ email, state, cluster, setAside = [] }: Seat, alive: Clusters): string[] {
  const theirs = alive.filter(({ id }) => !setAside.includes(id));
  return [
    ...(state === 'ready' ? [] : [`${email} is ${state}, and should be ready by now`]),
    ...(theirs.length === 1 && theirs[0]?.id === cluster?.id && theirs[0]?.state === 'RUNNING'
      ? []
      : [`${email} has ${cluster?.id}; in the workspace: ${theirs.map(({ id, state: is }) => `${id} ${is}`).join()}`]),
    ...alive
      .filter(({ id, state: is }) => setAside.includes(id) && is !== 'TERMINATED')
      .map(({ id }) => `${email}'s cluster ${id} was set aside, and runs`),
  ];
}

const ofLetters = ({ email, cluster }: Seat, letters: readonly Letter[], begins: string): string[] => [
  ...(letters.some(({ text }) => cluster && text.includes(cluster.id))
    ? []
    : [`no letter to ${email} names their cluster ${cluster?.id}`]),
  ...(letters.some(({ text }) => text.includes(begins)) ? [] : [`no letter to ${email} names the start, ${begins}`]),
];
