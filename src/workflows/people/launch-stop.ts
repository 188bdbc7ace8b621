import { condition } from '@temporalio/workflow';
import {
  pauseBetweenTries,
  peopleToStop,
  runThatStops,
  stopWords,
  type FailingAlike,
} from '../../domain/replayed/diagnosis/breaker.ts';
import { HEADINGS } from '../../domain/replayed/checklist/lines.ts';
import { isEventOn } from '../../domain/replayed/time/event.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';

/**
 * Stops launches when too many people's fail alike, and lets them go on when somebody says so, or when one comes up.
 * Whoever waives the line does without it.
 */
export async function launchStops(w: Lifecycle): Promise<void> {
  const isOver = () => w.leaving || w.checklist.item('launches')?.state === 'waived';
  while (!isOver()) {
    if (w.state.launchStop) {
      await untilTheyGoOn(w, isOver);
      continue;
    }
    await condition(() => isOver() || runNow(w) !== undefined);
    const run = runNow(w);
    if (run && !isOver()) await stop(w, run);
  }
  if (w.leaving || !w.state.launchStop) return;
  delete w.state.launchStop;
  await w.crowd.turnPage();
}

const runNow = (w: Lifecycle): FailingAlike | undefined =>
  runThatStops(w.totals(), {
    people: peopleToStop(w.crowd.size, w.plan.compute.breaker?.failures),
    since: w.state.launchesCountFrom ?? 0,
  });

async function stop(w: Lifecycle, run: FailingAlike): Promise<void> {
  const at = Date.now();
  w.state.launchStop = { class: run.class, at, tries: 0, triedAt: at };
  w.state.launchStops = (w.state.launchStops ?? 0) + 1;
  const pause = pauseBetweenTries(w.state.launchStop, w.pace, isOn(w));
  const tries = pause === undefined ? 'not' : isOn(w) ? 'every two minutes' : 'ever more rarely';
  const { evidence, toDo } = stopWords(run, w.plan.id, tries);
  w.checklist.add(
    {
      id: 'launches',
      heading: 'first',
      title: 'Launches: no run of like failures',
      kind: 'check',
      needs: [],
      state: 'waiting',
      at,
    },
    'enrol',
  );
  w.checklist.fail('launches', toDo, at, evidence);
  await w.crowd.turnPage();
  if (w.state.launchStopTold === run.class) return;
  w.state.launchStopTold = run.class;
  await w.tell(
    'leadFacilitator',
    `launches-stopped-${w.state.launchStops}`,
    `Launches are stopped: ${run.class}`,
    `${evidence}\n\n${toDo}`,
  );
}

/** Waits; now and then one person's launch is tried, so that nobody has to notice that the cause is gone. */
async function untilTheyGoOn(w: Lifecycle, isOver: () => boolean): Promise<void> {
  const isSettled = () => isOver() || w.state.launchStop === undefined || hasOneComeUp(w);
  const now = Date.now();
  const known = w.state.launchStop;
  const pause = known && pauseBetweenTries(known, w.pace, isOn(w));
  if (known && pause !== undefined) {
    const until = Math.max(1, known.triedAt + pause - now);
    const settled = await condition(isSettled, until, { summary: 'before one launch is tried' });
    if (!settled) {
      w.state.launchStop = { ...known, tries: known.tries + 1, triedAt: Date.now() };
      await w.crowd.tryOne(known.tries);
      return;
    }
  } else if (now < w.timeline.dayOf) {
    // On the day they are tried all the same.
    await condition(isSettled, w.timeline.dayOf - now, { summary: 'until the day of the event' });
  } else {
    await condition(isSettled);
  }
  if (hasOneComeUp(w)) endStop(w, 'a launch came up');
  if (!w.state.launchStop) await w.crowd.turnPage();
}

/** Of those that were asked for since. */
const hasOneComeUp = (w: Lifecycle): boolean =>
  w.state.launchStop !== undefined && w.totals().lastUpAskedAt > w.state.launchStop.at;

const isOn = (w: Lifecycle): boolean => isEventOn(w.timeline, HEADINGS.indexOf(w.state.heading), Date.now());

/**
 * Somebody, or the day, says that launches go on, if they were stopped: of whoever is not ready. What failed before
 * counts no longer. The cohorts hear of it with whatever they are told next.
 */
export function letLaunchesGoOn(w: Lifecycle, why: string): void {
  delete w.state.launchStopTold;
  endStop(w, why);
}

function endStop(w: Lifecycle, why: string): void {
  if (!w.state.launchStop) return;
  delete w.state.launchStop;
  w.state.launchesCountFrom = Date.now();
  w.checklist.pass('launches', `stopped ${w.state.launchStops ?? 1} time(s); they go on, because ${why}`, Date.now());
}
