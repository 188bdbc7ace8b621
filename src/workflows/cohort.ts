import {
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { attendeeAddress, workshopAddress } from '../domain/replayed/made/addresses.ts';
import { totalsOf } from '../domain/replayed/seat/progress.ts';
import {
  isMoving,
  isUp,
  newSeat,
  raiseTo,
  type ClusterNews,
  type ClusterState,
  type Seat,
} from '../domain/replayed/seat/seat.ts';
import { attendee } from './attendee/attendee.ts';
import { callsFor } from './shared/calls.ts';
import { copyOf } from './shared/copy.ts';
import { historyIsLong } from './shared/history-is-long.ts';
import {
  clusterNews,
  cohortReport,
  enrol,
  hear,
  newcomersSchema,
  raise,
  raiseSchema,
  release,
  roster,
  seatReport,
  seatReportSchema,
  type Newcomer,
  type Raise,
} from './shared/messages.ts';
import { completed, type Setting } from './shared/setting.ts';

/** A seat as the cohort keeps it. */
interface Place {
  seat: Seat;
  /** The attendee's last report; older ones that arrive late are dropped. */
  seq: number;
  started: boolean;
  closed: boolean;
}

export interface CohortInput extends Setting {
  readonly v: 1;
  readonly n: number;
  readonly newcomers: readonly Newcomer[];
  readonly wanted: Raise;
  readonly testersWanted: Raise;
  readonly places?: readonly Place[];
  readonly seq?: number;
  readonly releasing?: boolean;
}

/**
 * Up to 500 attendees: starts them, tells them what is wanted, watches their clusters in one listing for all, and
 * totals where they stand. It outlives nobody: it closes when told to release and everybody has closed.
 */
export async function cohort(given: CohortInput): Promise<void> {
  const input = completed(given);
  const { run, plan, pace, n } = input;
  const calls = callsFor(input.queues, pace);
  const places = new Map<string, Place>((input.places ?? []).map((place) => [place.seat.key, place]));
  const arrived: Newcomer[] = [...input.newcomers];
  const unsaid: { to: string; wish: Raise | ClusterNews | 'release' }[] = [];
  let wanted = input.wanted;
  let testersWanted = input.testersWanted;
  let seq = input.seq ?? 0;
  let releasing = input.releasing ?? false;
  let leaving = false;
  let told = '';
  let watching: CancellationScope | undefined;
  let watchedClosely = false;

  // All that handlers touch stands above: after a continue-as-new, what has come meanwhile is handed over at once.
  hear(enrol, newcomersSchema, (newcomers) => {
    arrived.push(...newcomers);
    // A lifecycle that took over this cohort knows nothing of it yet.
    told = '';
  });
  hear(raise, raiseSchema, (wish) => {
    testersWanted = wish;
    if (!wish.testersOnly) wanted = wish;
    for (const { seat, started } of places.values()) {
      if (started && (!wish.testersOnly || seat.role !== 'attendee')) unsaid.push({ to: seat.key, wish });
    }
  });
  setHandler(release, () => {
    releasing = true;
    watching?.cancel();
    for (const { seat, started, closed } of places.values())
      if (started && !closed) unsaid.push({ to: seat.key, wish: 'release' });
  });
  hear(seatReport, seatReportSchema, ({ key, seq: number, seat, closed }) => {
    const place = places.get(key);
    if (!place || number <= place.seq) return;
    const wasMoving = isMoving(place.seat);
    Object.assign(place, { seat, seq: number, closed: place.closed || closed });
    // A quiet watch would notice what now begins to move only minutes later.
    if (!wasMoving && isMoving(seat) && !watchedClosely) watching?.cancel();
  });
  setHandler(roster, () => [...places.values()].map(({ seat }) => seat));

  const seats = () => [...places.values()].map(({ seat }) => seat);
  const everybodyClosed = () => arrived.length === 0 && [...places.values()].every(({ closed }) => closed);

  const watcher = watch();
  const totals = tellTotals();
  for (;;) {
    await condition(
      () => arrived.length > 0 || unsaid.length > 0 || historyIsLong(pace) || (releasing && everybodyClosed()),
    );
    if (releasing && everybodyClosed() && unsaid.length === 0) break;
    await welcome();
    await say();
    if (historyIsLong(pace)) {
      leaving = true;
      watching?.cancel();
      await Promise.all([watcher, totals]);
      // What was seen counts as known: unsaid, it would never be said again.
      while (arrived.length > 0 || unsaid.length > 0) {
        await welcome();
        await say();
      }
      await continueAsNew<typeof cohort>({
        ...input,
        newcomers: [],
        wanted,
        testersWanted,
        places: [...places.values()],
        seq,
        releasing,
      });
    }
  }
  leaving = true;
  watching?.cancel();
  await Promise.all([watcher, totals]);
  // Attendees report as the last thing they do: this lets them close before their cohort does.
  await sleep(pace.totals, { summary: 'for the last attendee to close' });
  await tell();

  /** Starts the workflows of those who arrived. They live on when this run continues as new, so only their start is awaited. */
  async function welcome(): Promise<void> {
    const newcomers = arrived.splice(0, 50);
    await Promise.all(
      newcomers.map(async (newcomer) => {
        if (places.has(newcomer.key)) return;
        const seat = newSeat(newcomer.key, newcomer.email, newcomer.role, newcomer.generation);
        const place: Place = { seat, seq: 0, started: false, closed: releasing };
        places.set(seat.key, place);
        if (releasing) return;
        const wish = seat.role === 'attendee' ? wanted : testersWanted;
        raiseTo(seat, wish.target, false, wish.due);
        try {
          await startChild(attendee, {
            workflowId: attendeeAddress(run.workshopId, seat.key),
            taskQueue: input.queues.workflows,
            args: [
              {
                v: 1,
                run,
                plan,
                timeline: input.timeline,
                pace,
                queues: input.queues,
                cohort: workflowInfo().workflowId,
                seat: copyOf(seat),
                infrastructure: wish.infrastructure,
                seq: 0,
              },
            ],
            parentClosePolicy: ParentClosePolicy.ABANDON,
            staticSummary: `${seat.role} of cohort ${n}`,
          });
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        }
        place.started = true;
        if (wanted !== wish && seat.role === 'attendee') unsaid.push({ to: seat.key, wish: wanted });
        if (releasing) unsaid.push({ to: seat.key, wish: 'release' });
      }),
    );
  }

  async function say(): Promise<void> {
    const messages = unsaid.splice(0, 100);
    await Promise.all(
      messages.map(async ({ to, wish }) => {
        const handle = getExternalWorkflowHandle(attendeeAddress(run.workshopId, to));
        try {
          if (wish === 'release') await handle.signal(release);
          else if ('target' in wish) await handle.signal(raise, wish);
          else await handle.signal(clusterNews, wish);
        } catch {
          // Closed by hand: nobody is left to tell, and nothing more will be created for this seat.
          const place = places.get(to);
          if (place) place.closed = true;
        }
      }),
    );
  }

  /** Compares one listing with everybody's cluster, and passes on what differs. */
  async function watch(): Promise<void> {
    const known = (): Record<string, ClusterState> => {
      const states: Record<string, ClusterState> = {};
      for (const { seat, closed } of places.values())
        if (seat.cluster && seat.cluster.state !== 'GONE' && !closed) states[seat.cluster.id] = seat.cluster.state;
      return states;
    };
    const policyId = () => wanted.infrastructure.policyId ?? testersWanted.infrastructure.policyId;
    for (;;) {
      await condition(() => leaving || releasing || (policyId() !== undefined && Object.keys(known()).length > 0));
      if (leaving || releasing) return;
      watchedClosely = seats().some(isMoving);
      const everyMs = watchedClosely ? pace.watchMoving : seats().some(isUp) ? pace.watchQuiet : pace.watchAsleep;
      watching = new CancellationScope();
      try {
        const news = await watching.run(() =>
          calls.patient.watchClusters(run, {
            policyId: policyId() ?? '',
            known: known(),
            everyMs,
            staleMs: pace.listStaleness,
            // Soon back while clusters are still being added to what is known; otherwise after half an hour, for the history's sake.
            limitMs: watchedClosely ? Math.max(3 * pace.watchMoving, 2 * pace.listStaleness) : 15 * pace.watchQuiet,
          }),
        );
        for (const said of news) tellSeat(said);
      } catch (error) {
        if (!isCancellation(error)) await condition(() => leaving || releasing, pace.watchQuiet);
      }
    }
  }

  function tellSeat(said: ClusterNews): void {
    for (const { seat } of places.values()) {
      if (seat.cluster?.id !== said.clusterId) continue;
      // What is passed on counts as known, or the next listing would say it again before the seat has reported.
      seat.cluster.state = said.state;
      unsaid.push({ to: seat.key, wish: said });
    }
  }

  async function tellTotals(): Promise<void> {
    for (;;) {
      await tell();
      await sleep(pace.totals, { summary: 'before the next totals' });
      await condition(() => leaving || JSON.stringify(totalsOf(seats())) !== told);
      if (leaving) return;
    }
  }

  async function tell(): Promise<void> {
    const now = totalsOf(seats());
    told = JSON.stringify(now);
    seq += 1;
    setCurrentDetails(
      `${now.attendees} attendees: ${Object.entries(now.byState)
        .map(([state, count]) => `${count} ${state}`)
        .join(', ')}`,
    );
    try {
      await getExternalWorkflowHandle(workshopAddress(run.workshopId)).signal(cohortReport, { n, seq, totals: now });
    } catch {
      // The lifecycle is gone; the reaper looks after what it left.
    }
  }
}
