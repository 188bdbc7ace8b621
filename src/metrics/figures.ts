import type { RecordedPrices } from '../domain/money/metered-cost.ts';
import { queuesOf } from '../domain/replayed/made/addresses.ts';
import type { LastLook, Progress } from '../domain/replayed/checklist/progress.ts';
import { classOf } from '../domain/replayed/diagnosis/failure-classes.ts';
import { EMPTY_ROOM, type Room } from '../domain/replayed/room/room.ts';
import { isUp } from '../domain/replayed/seat/seat-state.ts';
import { SEAT_STATES, type Seat, type SeatState } from '../domain/replayed/seat/seat.ts';
import { DAY, HOUR, MINUTE } from '../domain/replayed/time/units.ts';
import { costSoFar, needsRoster, standingOf, statusView, type StatusView } from '../domain/verdict/status-view.ts';
import type { About, KnownWorkshop, Looked, WorkshopReader } from '../reader.ts';

/** What is told of one workshop: numbers only, and nobody's name. Instants in epoch milliseconds. */
export interface WorkshopFigures {
  /** False: nobody answered for it, and nothing but the plan's moments is known. */
  readonly answers: boolean;
  /** From when on machines are wanted. */
  readonly preparation: number;
  readonly start: number;
  readonly end: number;
  readonly removal: number;
  /** Undefined where nobody answered. */
  readonly told?: Told;
}

/** What a worker answered. */
export interface Told {
  readonly verdict: StatusView['verdict']['kind'];
  readonly people: Readonly<Record<SeatState, number>>;
  /** Whose last launch was refused, and did not come up since. */
  readonly refused: number;
  /** Whom only a person can help. */
  readonly needPerson: number;
  readonly clustersCreated: number;
  /** When all are ready, after the start; negative: before it. Undefined: nothing is forecast. */
  readonly forecastMs: number | undefined;
  /** Undefined: it was begun by a version that recorded no prices. */
  readonly cost: { readonly soFar: number; readonly perMinute: number } | undefined;
  /** The oldest one's, and how often each is to come. Undefined: no cohort has had a listing yet. */
  readonly listing: { readonly at: number; readonly everyMs: number } | undefined;
  readonly raisedHands: number;
  /** When the hand that waits longest went up, of those to whom nobody has gone. */
  readonly oldestHandAt: number | undefined;
  readonly linesFailed: number;
  readonly linesForAPerson: number;
  readonly machinesWaiting: number;
  readonly isProven: boolean;
}

/** All workshops of a worker's workspaces at one moment. */
export interface Figures {
  /** When they were asked for, epoch milliseconds, and how long it took. */
  readonly at: number;
  readonly tookMs: number;
  readonly workshops: ReadonlyMap<string, WorkshopFigures>;
}

/** What of the reader is asked. */
export type ReadsFigures = Pick<WorkshopReader, 'workshops' | 'look' | 'progress' | 'roster' | 'lastLooks' | 'room'>;

/** A lifecycle that was ended from outside is told of until then, after its removal was to be. */
const GONE_FOR_MS = DAY;

/**
 * Asks for every workshop that runs in one of these workspaces, one question after the other: a lifecycle that is
 * busy takes no second one at once.
 * @throws {NoAnswer} when Temporal itself is gone
 */
export async function readFigures(
  reader: ReadsFigures,
  served: readonly Pick<About, 'workspace' | 'workspaceId'>[],
): Promise<Figures> {
  const at = Date.now();
  const here = new Set(served.map(({ workspace, workspaceId }) => queuesOf(workspace, workspaceId).workflows));
  const workshops = new Map<string, WorkshopFigures>();
  for (const { id, state } of (await reader.workshops()).filter(mayMatter)) {
    // One that is encrypted with another key hides none of the others.
    const looked = await reader.look(id).catch(() => undefined);
    const about = looked?.about;
    if (!looked || !about || !here.has(queuesOf(about.workspace, about.workspaceId).workflows)) continue;
    if (state !== 'running' && at > about.timeline.teardown + GONE_FOR_MS) continue;
    const told = await ask(reader, id, { ...looked, about }).catch(() => undefined);
    const { dayOf: preparation, start, end, teardown: removal } = about.timeline;
    workshops.set(id, { answers: told !== undefined, preparation, start, end, removal, ...(told ? { told } : {}) });
  }
  return { at, tookMs: Date.now() - at, workshops };
}

/** One that has left its report has nothing more to tell. */
const mayMatter = ({ state }: KnownWorkshop): boolean => state !== 'completed';

async function ask(reader: ReadsFigures, id: string, looked: Looked & { readonly about: About }): Promise<Told> {
  const progress = await reader.progress(id);
  const seats = needsRoster(progress) ? await reader.roster(id, progress.cohorts) : undefined;
  const looks = await reader.lastLooks(id, progress.cohorts);
  // The room has a workflow of its own: what is wrong with it hides nothing of the workshop.
  const room = await reader.room(id).catch(() => EMPTY_ROOM);
  return toldOf({ ...looked, progress, seats, looks, room }, Date.now());
}

/** What a worker answered about one workshop, as it came. */
export interface Answered extends Pick<Looked, 'state' | 'poolWaits'> {
  readonly about: About;
  readonly progress: Progress;
  /** Undefined: nobody can be in trouble, and they were not asked for. */
  readonly seats?: readonly Seat[] | undefined;
  readonly looks: readonly LastLook[];
  readonly room: Room;
}

/** The figures of one workshop. @param now epoch milliseconds */
export async function toldOf(answered: Answered, now: number): Promise<Told> {
  const { about, state, poolWaits, progress, seats, looks, room } = answered;
  const isGone = progress.status !== 'finished' && state !== 'running';
  const people = seats && (await standingOf(seats, progress, about, now));
  const { verdict, forecast, steps } = statusView(progress, { about, people, poolWaits, isGone, looks, now });
  const { attendees, start, checklist } = progress;
  const machinesWaiting = poolWaits?.machines ?? 0;
  const cost = costSoFar(about, people, progress);
  const oldest = looks.toSorted((a, b) => a.at - b.at)[0];
  const free = room.hands.filter(({ takenBy }) => takenBy === undefined);
  return {
    verdict: verdict.kind,
    people: Object.fromEntries(SEAT_STATES.map((each) => [each, attendees.byState[each] ?? 0])) as Told['people'],
    refused: seats
      ? seats.filter(({ failedLaunches: failed }) => failed && isRefusal(failed.class)).length
      : attendees.failingAlike.reduce((sum, each) => sum + (isRefusal(each.class) ? each.people : 0), 0),
    needPerson: forecast?.needPerson ?? new Set(stuckIn(people?.troubles ?? [])).size,
    clustersCreated: attendees.clustersCreated,
    forecastMs: forecast?.allReadyAt === undefined ? undefined : forecast.allReadyAt - start,
    cost: cost &&
      about.prices && {
        soFar: cost.total,
        perMinute: perMinute(about.prices, clustersUp(seats, attendees.byState), machinesWaiting) * (about.speed ?? 1),
      },
    listing: oldest && { at: oldest.at, everyMs: Math.max(...looks.map(({ everyMs }) => everyMs)) },
    raisedHands: room.hands.length,
    oldestHandAt: free.length === 0 ? undefined : Math.min(...free.map(({ at }) => at)),
    linesFailed: checklist.filter((item) => item.state === 'failed').length,
    linesForAPerson: steps.filter(({ why }) => why === 'asked' || why === 'overdue').length,
    machinesWaiting,
    isProven: checklist.some((item) => item.id === 'proof' && item.state === 'passed'),
  };
}

/** No machine was handed out for it. */
const isRefusal = (name: string): boolean => classOf(name).costs !== 'a machine';

const stuckIn = (troubles: readonly { readonly people: readonly string[]; readonly needsPerson: boolean }[]) =>
  troubles.filter(({ needsPerson }) => needsPerson).flatMap(({ people }) => people);

/** Those whose cluster costs money in that state, where their seats were not asked for. */
const COSTS: readonly SeatState[] = ['creating', 'verifying', 'starting', 'ready'];

const clustersUp = (
  seats: readonly Seat[] | undefined,
  byState: Readonly<Partial<Record<SeatState, number>>>,
): number => (seats ? seats.filter(isUp).length : COSTS.reduce((sum, state) => sum + (byState[state] ?? 0), 0));

/** Of machines that are up and machines that wait, at the plan's prices; apps tell only what they cost in the end. */
const perMinute = ({ vmPerHour, dbuPerHour, perDbu }: RecordedPrices, up: number, waiting: number): number =>
  ((up * (vmPerHour + dbuPerHour * perDbu) + waiting * vmPerHour) * MINUTE) / HOUR;
