import { condition, setHandler, upsertMemo, workflowInfo } from '@temporalio/workflow';
import { z } from 'zod';
import { movedBack } from '../../domain/replayed/checklist/moved-back.ts';
import {
  cancelInput,
  extendInput,
  pauseInput,
  rescheduleInput,
  resumeInput,
  type Receipt,
} from '../../domain/replayed/checklist/requests.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { cancel, extend, pause, reschedule, resume } from '../shared/messages.ts';
import type { Lifecycle } from './lifecycle.ts';
import { readOrRefuse, refuseUpdate } from './refusals.ts';

/** What may be changed about a whole workshop while it runs: its moments, whether it goes on, and whether it is. */
export function hearChangesOfPlan(w: Lifecycle): void {
  hearCancel(w);
  hearReschedule(w);
  hearExtend(w);
  hearPause(w);
}

function hearCancel(w: Lifecycle): void {
  setHandler(
    cancel,
    (input) => {
      const { by, reason } = z.parse(cancelInput, input);
      if (w.state.heading === 'after') {
        w.state.graceSkipped ??= { by, reason, at: Date.now() };
        return { recorded: `the rest of the grace is skipped by ${by}; everything is being removed` };
      }
      w.state.cancelled ??= { by, reason, at: Date.now() };
      return { recorded: `cancelled by ${by}; everything is being removed` };
    },
    {
      validator: (input) => {
        readOrRefuse(cancelInput, input);
        if (w.state.heading === 'after' && !isInGrace(w))
          refuseUpdate('the workshop is over: its removal is under way');
      },
    },
  );
}

function hearReschedule(w: Lifecycle): void {
  setHandler(
    reschedule,
    async (input): Promise<Receipt> => {
      const { by, timeline, untold } = z.parse(rescheduleInput, input);
      const before = w.timeline;
      move(w, timeline);
      if (untold !== true) w.state.startTold = timeline.start;
      const now = Date.now();
      const { speed, signOff } = w.pace;
      w.checklist.moveDeadlines(timeline.start - before.start, now + signOff, now);
      const { items } = w.checklist;
      const back = movedBack({ items, heading: w.state.heading, before, after: timeline, now, speed });
      // The guide is opened anew then, and everybody hears of it with the page.
      if (back) w.movedFrom ??= before;
      else await w.crowd.turnPage();
      const again = back?.again ?? [];
      return {
        recorded:
          `the start was moved by ${by}` +
          (again.length > 0 ? `; done again: ${again.join(', ')}` : '; what is done stays done'),
      };
    },
    {
      validator: (input) => {
        const { timeline } = readOrRefuse(rescheduleInput, input);
        refuseUnlessItGoesOn(w);
        if (w.state.heading === 'after')
          refuseUpdate(`the workshop is over. Until its removal it can be extended: bin/workshop extend ${w.plan.id}`);
        if (timeline.start <= Date.now()) refuseUpdate('that moment has passed already');
        if (timeline.end <= timeline.start || timeline.teardown < timeline.end)
          refuseUpdate('a workshop starts before it ends, and is removed after that');
        if (timeline.start === w.timeline.start) refuseUpdate('that is when it starts already');
      },
    },
  );
}

function hearExtend(w: Lifecycle): void {
  setHandler(
    extend,
    async (input): Promise<Receipt> => {
      const { by, end, teardown } = z.parse(extendInput, input);
      move(w, { ...w.timeline, end, teardown });
      const isOver = w.state.heading === 'after';
      w.isReopened = isOver;
      // A look at a cluster begins the time anew after which it falls asleep.
      if (isOver || w.state.heading === 'during') await w.crowd.renew('check');
      else await w.crowd.turnPage();
      return { recorded: `the end was moved by ${by}${isOver ? '; the workshop goes on' : ''}` };
    },
    {
      validator: (input) => {
        const { end, teardown } = readOrRefuse(extendInput, input);
        refuseUnlessItGoesOn(w);
        if (w.state.heading === 'after' && (!isInGrace(w) || w.isReopened))
          refuseUpdate('the workshop is over: its removal is under way');
        if (end <= w.timeline.end || end <= Date.now()) refuseUpdate('that is not later than the end is now');
        if (teardown < end) refuseUpdate('clusters are removed after the end, not before it');
      },
    },
  );
}

function hearPause(w: Lifecycle): void {
  setHandler(
    pause,
    async (input): Promise<Receipt> => {
      const { by, reason } = z.parse(pauseInput, input);
      w.state.paused = { by, ...(reason === undefined ? {} : { reason }), at: Date.now() };
      await w.crowd.turnPage();
      return { recorded: `paused by ${by}: nothing is created or started; deadlines, the end and the removal go on` };
    },
    {
      validator: (input) => {
        readOrRefuse(pauseInput, input);
        refuseUnlessItGoesOn(w);
        if (w.state.heading === 'after') refuseUpdate('the workshop is over: its removal waits for nobody');
        if (w.state.paused) refuseUpdate(`it was paused already, by ${w.state.paused.by}`);
      },
    },
  );
  setHandler(
    resume,
    async (input): Promise<Receipt> => {
      const { by } = z.parse(resumeInput, input);
      delete w.state.paused;
      await w.crowd.turnPage();
      return { recorded: `resumed by ${by}: what had to wait goes on now` };
    },
    {
      validator: (input) => {
        readOrRefuse(resumeInput, input);
        if (!w.state.paused) refuseUpdate('it is not paused');
      },
    },
  );
}

export function refuseUnlessItGoesOn(w: Lifecycle): void {
  if (w.state.cancelled) refuseUpdate('the workshop was cancelled');
  if (w.state.graceSkipped) refuseUpdate('the workshop is over: its removal is under way');
}

/** The reaper hears of it from {@link tellReaper}: whoever asks does not wait for that. */
function move(w: Lifecycle, timeline: Timeline): void {
  w.state.timeline = timeline;
  noteMoments(w);
}

/**
 * Beside everything else: the reaper learns when the moments were moved, or it would take for forgotten what goes on,
 * and whom to tell. It looks hours after the removal is due, so that there is time for it.
 */
export async function tellReaper(w: Lifecycle): Promise<void> {
  const { state } = w;
  while (!w.leaving) {
    const isMoved = () => state.timeline !== undefined && state.reaperTold !== state.timeline.teardown;
    await condition(() => w.leaving || isMoved() || whoIsTold(w) !== state.reaperToldOf);
    if (w.leaving) return;
    const { timeline } = w;
    const known = whoIsTold(w);
    await w.calls.moveReaper(w.run, { timeline, ...(known === undefined ? {} : { plan: wordsOf(w) }) });
    if (state.timeline !== undefined) state.reaperTold = timeline.teardown;
    if (known !== undefined) state.reaperToldOf = known;
  }
}

const wordsOf = ({ state, plan: { title, contacts, messages, apps } }: Lifecycle) => ({
  title,
  contacts,
  ...(messages === undefined ? {} : { messages }),
  ...(state.amended?.fields.apps === undefined ? {} : { apps }),
});

/** Whom the reaper would tell, as text; undefined as long as nothing was amended. */
const whoIsTold = (w: Lifecycle): string | undefined =>
  w.state.amended === undefined ? undefined : JSON.stringify(wordsOf(w));

/** The moments and prices of now, where they can be read without a worker. A new run begins with an old memo. */
export function noteMoments(w: Lifecycle): void {
  const about = workflowInfo().memo?.['about'] as
    | { readonly timeline: Timeline; readonly prices?: Plan['prices'] }
    | undefined;
  const { timeline, amended } = w.state;
  if (!about) return;
  const now = { ...about, ...(timeline ? { timeline } : {}), ...(amended ? { prices: w.plan.prices } : {}) };
  if (JSON.stringify(now) !== JSON.stringify(about)) upsertMemo({ about: now });
}

/** The workshop is over, and its removal has not begun. */
export const isInGrace = ({ state, timeline }: Lifecycle): boolean =>
  !state.cancelled && !state.graceSkipped && Date.now() < timeline.teardown;
