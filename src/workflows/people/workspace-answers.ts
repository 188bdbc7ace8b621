import { condition } from '@temporalio/workflow';
import { HEADINGS } from '../../domain/replayed/checklist/lines.ts';
import { isEventOn } from '../../domain/replayed/time/event.ts';
import { troubleOf } from '../shared/failures.ts';
import { ignoreUnlessCancelled } from '../shared/ignore-unless-cancelled.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';

/**
 * While people wait for the workspace, or for credentials that it accepts, one look is taken for all of them; when it
 * answers, they go on. A hundred seats that each tried for themselves would cost a hundred times as much, and be no
 * sooner.
 */
export async function workspaceAnswers(w: Lifecycle): Promise<void> {
  const areWaiting = () => w.totals().waitForWorkspace > 0;
  for (;;) {
    await condition(() => w.leaving || areWaiting());
    for (let tries = 0; !w.leaving && areWaiting();) {
      if (await answers(w)) {
        await w.crowd.tryFailed();
        tries += 1;
      }
      // It may answer, and still refuse what they ask: then they are tried ever more rarely.
      await condition(() => w.leaving || !areWaiting(), pause(w, tries), {
        summary: 'before the workspace is looked at again',
      });
    }
    if (w.leaving) return;
    passed(w);
  }
}

function pause({ pace, timeline, state }: Lifecycle, tries: number): number {
  if (isEventOn(timeline, HEADINGS.indexOf(state.heading), Date.now()))
    return tries > 0 ? pace.eventRetry : pace.eventRetry / 4;
  return Math.min(pace.recheck * 2 ** Math.max(0, tries - 1), pace.longestRetry);
}

async function answers(w: Lifecycle): Promise<boolean> {
  try {
    await w.calls.whoAmI(w.run);
    return true;
  } catch (error) {
    ignoreUnlessCancelled(error);
    const { message, toDo } = troubleOf(error);
    failed(w, message, toDo);
    return false;
  }
}

/** The line is there from the first time on that people waited, and the workspace did not answer. */
function failed(w: Lifecycle, message: string, toDo: string): void {
  const { waitForWorkspace: people } = w.totals();
  w.checklist.add(
    {
      id: 'workspace',
      heading: 'first',
      title: 'The workspace answers the worker',
      kind: 'check',
      needs: [],
      state: 'waiting',
      at: Date.now(),
    },
    'enrol',
  );
  const evidence = `${people} people wait for it, and for nothing of their own: ${message}`;
  const byItself = 'By itself: it is looked at for all of them, and they go on when it answers.';
  w.checklist.fail('workspace', `${toDo}\n${byItself}`, Date.now(), evidence);
}

function passed(w: Lifecycle): void {
  if (w.checklist.item('workspace')?.state !== 'failed') return;
  w.checklist.pass('workspace', 'it answers again, and whoever waited for it goes on', Date.now());
}
