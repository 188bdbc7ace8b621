import { condition } from '@temporalio/workflow';
import type { Lifecycle } from '../workshop/lifecycle.ts';
import type { LeftOut } from '../workshop/line-runner.ts';
import { problem } from '../workshop/not-as-it-should-be.ts';

/**
 * Has everybody's cluster looked at once, and waits until that is done or the time is up. What was found wrong is
 * looked at again by its seat; what is well is left alone.
 */
export async function looked(w: Lifecycle, until: number): Promise<void> {
  const asked = w.crowd.checkDue ?? (await w.crowd.renew('check'));
  const all = () => {
    const { attendees, seenByThem, seenByEvents, checkAskedAt } = w.totals();
    return checkAskedAt >= asked && seenByThem + seenByEvents >= attendees;
  };
  await condition(all, Math.max(w.pace.poll, until - Date.now()));
}

/** How everybody's cluster was looked at, in words: what was seen by events only is never said to be more. */
export function seen(w: Lifecycle): string {
  const { seenByThem, seenByEvents, notSeeded } = w.totals();
  return [
    ...(seenByThem > 0 || seenByEvents === 0
      ? [`Claude Code tested on ${seenByThem} ${seenByThem === 1 ? 'cluster' : 'clusters'}`]
      : []),
    ...(seenByEvents > 0 ? [`${seenByEvents} started, not tested`] : []),
    ...(notSeeded > 0 ? [`${notSeeded} without the CLI in its place, so that their first connection uploads it`] : []),
  ].join(', ');
}

/**
 * Has what lies outside people's work folders saved on every cluster that runs, and waits until that is done, one way
 * or the other.
 */
export async function saved(w: Lifecycle): Promise<string | LeftOut> {
  if (w.state.teardown) return { leftOut: 'the removal has begun' };
  const asked = await w.crowd.renew('save');
  const all = () => {
    const { attendees, toSave, saveAskedAt } = w.totals();
    return attendees === 0 || (saveAskedAt >= asked && toSave === 0);
  };
  await condition(all, w.pace.job + w.pace.step);
  const { attendees, saved: done, nothingToSave, notSaved, notLookedAfter, toSave } = w.totals();
  const asleep = attendees - done - nothingToSave - notSaved - notLookedAfter - toSave;
  const words = [
    `${done} saved`,
    `${nothingToSave} with nothing to save`,
    ...(notSaved > 0 ? [`${notSaved} failed`] : []),
    ...(toSave > 0 ? [`${toSave} not heard of in time`] : []),
    ...(notLookedAfter > 0 ? [`on ${notLookedAfter} clusters nothing could be run`] : []),
    ...(asleep > 0 ? [`${asleep} had no cluster running`] : []),
  ].join(', ');
  if (notSaved + toSave > 0)
    throw problem(
      words,
      `See whose, and why: bin/workshop attendees list ${w.plan.id}. Until their clusters are removed they can ` +
        'save it themselves: ssh <alias> save-work',
    );
  return done + nothingToSave === 0 && notLookedAfter > 0 ? { leftOut: words } : words;
}
