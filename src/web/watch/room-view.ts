import type { Plan } from '../../domain/plan/plan.ts';
import type { Room } from '../../domain/replayed/room/room.ts';
import { takesPart, type Seat } from '../../domain/replayed/seat/seat.ts';
import { totalsOf, type Totals } from '../../domain/replayed/seat/totals.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { standingOf, statusView, type StatusView } from '../../domain/verdict/status-view.ts';
import type { PlanInForce } from '../../domain/replayed/checklist/plan-in-force.ts';
import type { WorkshopReader } from '../../reader.ts';
import type { FromWorkspace } from './from-workspace.ts';

/** What every page of a workshop is made of, as it was at one moment. Nothing in it may be changed. */
export interface RoomView {
  readonly id: string;
  readonly runId: string;
  /** With what was found out besides: the line of the laptop check has it. */
  readonly plan: Plan & { readonly laptopsFetchServer?: boolean | undefined };
  readonly timeline: Timeline;
  readonly status: StatusView;
  /** Everybody who takes part, in the order of their addresses. */
  readonly seats: readonly Seat[];
  /** Counted off these seats: what the lifecycle knows is older by a report. */
  readonly totals: Totals;
  readonly room: Room;
  /** What only the workspace knows, where it may be asked. */
  readonly workspace?: FromWorkspace | undefined;
  readonly policyId?: string | undefined;
  /** The lifecycle has ended, with or without a report. */
  readonly isOver: boolean;
  /** When it was asked for, epoch milliseconds. */
  readonly at: number;
}

export type ReadsRoom = Pick<WorkshopReader, 'look' | 'progress' | 'planInForce' | 'roster' | 'lastLooks' | 'room'>;

/**
 * Asks Temporal for all of it: the lifecycle first, which takes no second question while it is busy, and then its
 * cohorts and the room at once.
 * @throws {Refused} where there is no such workshop; {NoAnswer} where nobody answers for it
 */
export async function readRoomView(
  reader: ReadsRoom,
  id: string,
  { inForce, workspace }: { readonly inForce: PlanInForce; readonly workspace: FromWorkspace | undefined },
): Promise<RoomView> {
  const progress = await reader.progress(id);
  const { runId, timeline, policyId, laptopsFetchServer } = inForce;
  const plan = { ...inForce.plan, laptopsFetchServer };
  const [{ about, state, poolWaits }, roster, looks, room] = await Promise.all([
    reader.look(id),
    reader.roster(id, progress.cohorts),
    reader.lastLooks(id, progress.cohorts),
    reader.room(id),
  ]);
  const seats = roster.filter(takesPart).toSorted((a, b) => (a.email < b.email ? -1 : 1));
  const now = Date.now();
  const isGone = progress.status !== 'finished' && state !== 'running';
  const people = await standingOf(seats, progress, about ?? {}, now);
  return {
    id,
    runId,
    plan,
    timeline,
    status: statusView(progress, {
      about: { ...about, timeZone: plan.timeZone, timeline },
      people,
      poolWaits,
      isGone,
      looks,
      now,
    }),
    seats,
    totals: totalsOf(seats),
    room,
    workspace,
    policyId,
    isOver: isGone || progress.status === 'finished',
    at: now,
  };
}
