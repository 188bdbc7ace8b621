import { ApplicationFailure, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import type { z } from 'zod';
import { isDone, isForAPerson, takesAnswer, type Item } from '../../domain/replayed/checklist/checklist.ts';
import {
  addAttendeeInput,
  addAttendeesInput,
  cancelInput,
  retryInput,
  signOffInput,
  waiveInput,
  whyRefused,
} from '../../domain/replayed/checklist/requests.ts';
import { seatKey } from '../../domain/replayed/seat/seat-key.ts';
import {
  addAttendee,
  addAttendees,
  cancel,
  checklist,
  cohortReport,
  cohortReportSchema,
  hear,
  progress,
  retry,
  signOff,
  teardownReport,
  teardownReportSchema,
  waive,
} from '../shared/messages.ts';
import type { Lifecycle } from './lifecycle.ts';

/** What costs money is removed, and proven and told, whatever anybody says. */
const UNWAIVABLE: readonly string[] = ['teardown', 'proof', 'report'];

/** Only the latest refusals are kept: somebody's broken script must not fill the state. */
const REFUSALS_KEPT = 20;

/**
 * Registers everything that may be said to a running workshop, before its first await.
 * Updates have validators: what they refuse never reaches the history. Signals cannot be refused, so what they
 * asked in vain is kept in `progress`; no handler ever throws, which would stop the workflow for good.
 */
export function registerHandlers(w: Lifecycle): void {
  setHandler(progress, () => w.progress());
  setHandler(checklist, () => w.state.items);

  setHandler(addAttendee, (said) => {
    const parsed = addAttendeeInput.safeParse(said);
    if (!parsed.success)
      return refuse(w, 'addAttendee', `${whyRefused(parsed.error)}; send {"email":"somebody@example.com"}`);
    const late = whyTooLate(w);
    if (late) return refuse(w, `addAttendee ${parsed.data.email}`, late);
    if (!add(w, parsed.data.email)) refuse(w, `addAttendee ${parsed.data.email}`, 'is enrolled already');
  });

  setHandler(
    addAttendees,
    (said) => {
      const { emails, by } = addAttendeesInput.parse(said);
      const unique = [...new Set(emails)];
      const added = unique.filter((email) => add(w, email));
      const already = unique.filter((email) => !added.includes(email));
      return {
        recorded: `${added.length} added by ${by}${already.length > 0 ? `, ${already.length} were enrolled already` : ''}`,
        added,
        already,
      };
    },
    {
      validator: (said) => {
        check(addAttendeesInput, said);
        const late = whyTooLate(w);
        if (late) throw ApplicationFailure.nonRetryable(late, 'REFUSED');
      },
    },
  );

  setHandler(
    signOff,
    (said) => {
      const { item: id, by, note, answer } = signOffInput.parse(said);
      const item = w.item(id);
      if (item)
        Object.assign(item, {
          state: answer === 'yes' ? 'signed off' : 'failed',
          by,
          evidence: note ?? (answer === 'yes' ? 'said so' : 'said no'),
          at: Date.now(),
        });
      w.describe();
      return { recorded: `${id}: ${answer === 'yes' ? 'signed off' : 'said no'} by ${by}` };
    },
    {
      validator: (said) => {
        const item = known(w, check(signOffInput, said).item, takesAnswer);
        if (!takesAnswer(item))
          refuseUpdate(
            `"${item.id}" is ${item.kind === 'action' ? 'an' : 'a'} ${item.kind}, which nobody can sign off: use retry or waive`,
          );
      },
    },
  );

  setHandler(
    waive,
    (said) => {
      const { item: id, by, reason } = waiveInput.parse(said);
      const item = w.item(id);
      if (item) Object.assign(item, { state: 'waived', by, evidence: reason, at: Date.now() });
      w.describe();
      return { recorded: `${id}: waived by ${by}` };
    },
    {
      validator: (said) => {
        const item = known(w, check(waiveInput, said).item);
        if (isDone(item)) refuseUpdate(`"${item.id}" is ${item.state} already`);
        if (UNWAIVABLE.includes(item.id)) refuseUpdate('the removal, its proof and the report cannot be waived');
      },
    },
  );

  setHandler(
    retry,
    (said) => {
      const { item: id, by } = retryInput.parse(said);
      w.askAgain(id);
      return { recorded: `${id}: tried again for ${by}` };
    },
    {
      validator: (said) => {
        const item = known(w, check(retryInput, said).item);
        if (isForAPerson(item)) refuseUpdate(`"${item.id}" is for a person: sign it off or waive it`);
        if (item.state !== 'failed') refuseUpdate(`"${item.id}" is ${item.state}: only what failed can be tried again`);
      },
    },
  );

  setHandler(
    cancel,
    (said) => {
      const { by, reason } = cancelInput.parse(said);
      w.state.cancelled ??= { by, reason, at: Date.now() };
      return { recorded: `cancelled by ${by}; everything is being removed` };
    },
    {
      validator: (said) => {
        check(cancelInput, said);
        if (w.state.heading === 'after') refuseUpdate('the workshop is over: its removal is under way');
      },
    },
  );

  hear(
    cohortReport,
    cohortReportSchema,
    ({ n, seq, totals }) => {
      if (seq > (w.state.totals[n]?.seq ?? 0)) w.state.totals[n] = { seq, totals };
      w.describe();
    },
    (why) => refuse(w, 'cohortReport', why),
  );
  hear(
    teardownReport,
    teardownReportSchema,
    (report) => {
      if (report.seq <= (w.state.teardown?.seq ?? 0)) return;
      w.state.teardown = report;
      const item = w.item('teardown');
      if (!item || isDone(item)) return;
      if (report.trouble) item.toDo = report.trouble;
      else delete item.toDo;
    },
    (why) => refuse(w, 'teardownReport', why),
  );
  // Last: it is handed whatever is waiting and has no handler yet.
  setDefaultSignalHandler((name) => refuse(w, name, 'there is no such signal; a workshop takes addAttendee'));
}

/** False when that address has a seat, or waits for one. */
function add(w: Lifecycle, email: string): boolean {
  if (w.state.seats[seatKey(w.run.runId, email)] !== undefined || w.state.toEnrol.includes(email)) return false;
  w.state.toEnrol.push(email);
  const enrolled = w.item('enrol');
  if (enrolled && isDone(enrolled)) enrolled.evidence = `${w.seats} seats, the latest while running`;
  return true;
}

const whyTooLate = (w: Lifecycle): string | undefined =>
  w.state.heading === 'after' || w.state.cancelled ? 'the workshop is over: nobody can be added any more' : undefined;

function refuse(w: Lifecycle, what: string, why: string): void {
  w.state.refused = [...w.state.refused, { what: what.slice(0, 100), why, at: Date.now() }].slice(-REFUSALS_KEPT);
}

/** @param fits names the lines that could have been meant. */
function known(w: Lifecycle, id: string, fits: (item: Item) => boolean = () => true): Item {
  return (
    w.item(id) ??
    refuseUpdate(
      `there is no "${id}" on this checklist; it has: ${w.state.items
        .filter(fits)
        .map((item) => item.id)
        .join(', ')}`,
    )
  );
}

function check<S extends z.ZodType>(schema: S, said: unknown): z.output<S> {
  const parsed = schema.safeParse(said);
  return parsed.success ? parsed.data : refuseUpdate(whyRefused(parsed.error));
}

function refuseUpdate(why: string): never {
  throw ApplicationFailure.nonRetryable(why, 'REFUSED');
}
