import {
  ActivityFailure,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  setHandler,
  sleep,
  upsertMemo,
} from '@temporalio/workflow';
import type { EventReport } from '../../domain/event/event-report.ts';
import type { Queues } from '../../domain/replayed/made/addresses.ts';
import { MESSAGES } from '../../domain/replayed/made/temporal-names.ts';
import { EVENT_MEMO } from '../../domain/replayed/event/event-memo.ts';
import { readParts, withParts, type KnownEvent, type PartStanding } from '../../domain/replayed/event/event.ts';
import type { Pace } from '../../domain/replayed/time/pace.ts';
import { callsFor } from '../shared/calls.ts';
import { historyIsLong } from '../shared/history-is-long.ts';

export interface EventInput {
  readonly v: 1;
  readonly event: KnownEvent;
  readonly pace: Pace;
  /** Of the workspace whose worker looks after it. */
  readonly queues: Queues;
  /** When its workshops end, epoch milliseconds: until then one is looked at rarely that says nothing itself. */
  readonly end: number;
  /** A part that was not started by then is waited for no longer, epoch milliseconds. */
  readonly over: number;
}

/** From whoever starts parts: each may be known already, with more or less of what is known now. */
const partsKnown = defineSignal<[unknown]>(MESSAGES.partsKnown);
/** From a part, which is about to close. */
const partEnded = defineSignal<[unknown]>(MESSAGES.partEnded);

/**
 * What binds the workshops of several workspaces: it knows them, waits until each has ended, and writes one report of
 * all. It makes and removes nothing: each workshop looks after its own workspace.
 */
export async function event(input: EventInput): Promise<EventReport> {
  const { pace, queues, end, over } = input;
  const calls = callsFor(queues, pace);
  let known = input.event;
  /** Somebody had news since the last look. */
  let news = true;
  /** Parts that have said that they are about to close. */
  const closing = new Set<string>();
  setHandler(partsKnown, (given) => {
    known = { ...known, parts: withParts(known.parts, readParts(given) ?? []) };
    news = true;
  });
  setHandler(partEnded, (given) => {
    if (typeof given !== 'string') return;
    closing.add(given);
    news = true;
  });

  let recorded = JSON.stringify(input.event);
  let standings: readonly PartStanding[] = [];
  for (;;) {
    news = false;
    const asked = JSON.stringify(known);
    if (asked !== recorded) upsertMemo({ [EVENT_MEMO]: known });
    recorded = asked;
    const { parts } = known;
    standings = await untilDone(() => calls.lookAtParts({ parts }));
    const ended = standings.filter(({ standing }) => standing === 'ended').length;
    if (standings.every(({ standing }) => standing !== 'running') && (ended === known.parts.length || isOver())) break;
    const isSoon = standings.some(({ id, standing }) => standing === 'running' && closing.has(id));
    const pause = isSoon ? pace.totals : Date.now() < end ? Math.min(pace.reminder, end - Date.now()) : pace.recheck;
    await condition(() => news, Math.max(1, pause), { summary: `${ended} of ${known.parts.length} have ended` });
    if (historyIsLong(pace)) await continueAsNew<typeof event>({ ...input, event: known });
  }
  return (await untilDone(() => calls.writeEventReport({ event: known }))).report;

  function isOver(): boolean {
    return Date.now() >= over;
  }

  /** A worker that is gone for an hour, or a folder that is full, ends no event. */
  async function untilDone<T>(act: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await act();
      } catch (error) {
        if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
        await sleep(pace.recheck);
      }
    }
  }
}
