import { condition } from '@temporalio/workflow';
import type { LeftOut, Lifecycle } from './lifecycle.ts';
import { problem } from './problem.ts';

/** Has everybody's cluster looked at, and waits until that is done or the time is up. @param anew also those that were looked at since it was first asked. */
export async function looked(w: Lifecycle, { anew, until }: { readonly anew: boolean; readonly until: number }): Promise<void> {
  if (anew || w.state.due?.check === undefined) await w.renew('check');
  const asked = w.state.due?.check ?? 0;
  const all = () => {
    const { attendees, seenByThem, seenByEvents, checkAskedAt } = w.totals();
    return checkAskedAt >= asked && seenByThem + seenByEvents >= attendees;
  };
  await condition(all, Math.max(w.pace.poll, until - Date.now()));
}

/** How everybody's cluster was looked at, in words: what was seen by events only is never said to be more. */
export function seen(w: Lifecycle): string {
  const { seenByThem, seenByEvents } = w.totals();
  return [
    ...(seenByThem > 0 || seenByEvents === 0 ? [`${seenByThem} passed check-claude as their attendees`] : []),
    ...(seenByEvents > 0 ? [`${seenByEvents} by their events only`] : []),
  ].join(', ');
}

/** Has what lies outside people's work folders saved on every cluster that runs, and waits until that is done, one way or the other. */
export async function saved(w: Lifecycle): Promise<string | LeftOut> {
  await w.renew('save');
  const asked = w.state.due?.save ?? 0;
  const all = () => {
    const { attendees, toSave, saveAskedAt } = w.totals();
    return attendees === 0 || (saveAskedAt >= asked && toSave === 0);
  };
  await condition(all, 2 * w.pace.job);
  const { attendees, saved: done, nothingToSave, notSaved, notLookedAfter, toSave } = w.totals();
  const asleep = attendees - done - nothingToSave - notSaved - notLookedAfter - toSave;
  const words = [
    `${done} saved`, `${nothingToSave} with nothing to save`,
    ...(notSaved > 0 ? [`${notSaved} failed`] : []),
    ...(toSave > 0 ? [`${toSave} not heard of in time`] : []),
    ...(notLookedAfter > 0 ? [`on ${notLookedAfter} clusters nothing could be run`] : []),
    ...(asleep > 0 ? [`${asleep} had no cluster running`] : []),
  ].join(', ');
  if (notSaved + toSave > 0) throw problem(words, `See whose, and why: bin/workshop attendees list ${w.plan.id}. Until their clusters are removed they can save it themselves: ssh <alias> save-work`);
  return done + nothingToSave === 0 && notLookedAfter > 0 ? { leftOut: words } : words;
}
