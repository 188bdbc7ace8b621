import { MESSAGES } from '../../domain/replayed/made/temporal-names.ts';
import type { Change, Changes } from '../../reader.ts';
import { headingName } from '../terminal/checklist-lines.ts';
import { moment, shortMoment } from '../../domain/clock/clock.ts';
import { oneLine, type Style } from '../terminal/style.ts';
import { wrapped } from './wrapped.ts';

const EMAILS_NAMED = 5;

/** Who changed what and when, in lines of at most `columns` characters, under the headings of the guide. */
export function historyPage(
  id: string,
  history: Changes,
  { style, columns, timeZone }: { style: Style; columns: number; timeZone: string },
): string[] {
  return [
    `${style.bold(id)}: who changed what`,
    style.dim(`Times are those of ${timeZone}.`),
    '',
    ...history.changes.flatMap((change) =>
      change.kind === 'page'
        ? [`${style.bold(headingName(change.heading ?? 'first'))}  ${style.dim(shortMoment(change.at, timeZone))}`]
        : wrapped(
            `${shortMoment(change.at, timeZone)} ${whoOf(change)} ${changeWords(change, timeZone)}`,
            columns - 6,
          ).map((line, n) => `${n === 0 ? '  ' : '      '}${line}`),
    ),
    '',
    ...notKnown(history, timeZone).flatMap((line) => wrapped(line, columns)),
  ];
}

/** What somebody who reads it must not conclude. */
export function notKnown({ forgottenBefore, keptForDays }: Changes, timeZone: string): string[] {
  const kept =
    keptForDays === undefined
      ? 'Temporal keeps what has ended for a time only'
      : `Temporal keeps what has ended for ${keptForDays} ${keptForDays === 1 ? 'day' : 'days'} only`;
  return [
    forgottenBefore === undefined
      ? `Nothing of this is missing. ${kept}: an earlier workshop under this id may be forgotten.`
      : `What was changed before ${moment(forgottenBefore, timeZone)} is not known any more: ${kept}.`,
    'Not in it: what was refused at once, and what was done in the workspace itself. Names are as those who asked ' +
      'gave them; from which process they asked, as Temporal noted it, is in --json.',
  ];
}

/** The name that somebody gave, else the process that Temporal noted. */
export const whoOf = ({ by, identity, kind }: Change): string => {
  if (by !== undefined) return `${oneLine(by)}:`;
  if (kind === 'end') return '';
  return identity ? `somebody at ${oneLine(identity)}:` : 'somebody:';
};

/** `signed proxy off: two laptops`. */
export function changeWords(change: Change, timeZone: string): string {
  const words = oneLine(wordsOf(change, timeZone));
  return change.refused === undefined
    ? `${words.replace(/\.$/, '')}.`
    : `${words}. It came to nothing: ${oneLine(change.refused)}`;
}

/** What becomes of a lifecycle from outside, or by itself. */
const BECAME: Readonly<Record<Exclude<Change['kind'], 'start' | 'update' | 'signal'>, string>> = {
  page: '',
  cancel: 'cancelled the workflow in Temporal itself',
  terminate: 'terminated the lifecycle from outside',
  reset: 'reset the lifecycle in Temporal itself',
  removal: 'began a removal by hand (teardown --execute)',
  end: 'It is over',
};

function wordsOf(change: Change, timeZone: string): string {
  const { kind, reason = '', began } = change;
  if (kind === 'update' || kind === 'signal') return askedWords(change, timeZone);
  if (kind !== 'start') return `${BECAME[kind]}${reason === '' ? '' : `: ${reason}`}`;
  if (!began) return 'started it';
  const people = `${began.people} people, to begin ${moment(began.start, timeZone)}`;
  return began.adopted ? `took it over (start --adopt), ${people}` : `started it, "${began.title}", ${people}`;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function askedWords({ name = '', input, answer, unreadable }: Change, timeZone: string): string {
  if (unreadable !== undefined) return `${name}, and what was said with it cannot be read here: ${unreadable}`;
  const { item, note, reason, email, emails, timeline, end, ...rest } = (input ?? {}) as Record<string, unknown>;
  const why = note ?? reason;
  const because = why === undefined ? '' : `: ${text(why)}`;
  switch (name) {
    case MESSAGES.signOff:
      return `${rest['answer'] === 'no' ? `said no to ${text(item)}` : `signed ${text(item)} off`}${because}`;
    case MESSAGES.waive:
      return `waived ${text(item)}${because}`;
    case MESSAGES.retry:
      return `asked for another try of ${text(item)}`;
    case MESSAGES.addAttendee:
      return `added ${text(email)}, by a signal`;
    case MESSAGES.addAttendees:
      return `added ${listed(emails)}`;
    case MESSAGES.removeAttendees:
      return `took ${listed(emails)} off the list${because}`;
    case MESSAGES.repair:
      return `had the cluster of ${text(email)} mended: ${text(rest['stage'] ?? 'restart')}`;
    case MESSAGES.cancel:
      return `cancelled it${because}`;
    case MESSAGES.reschedule: {
      const start = (timeline as { start?: number } | undefined)?.start;
      return start === undefined ? 'moved the start' : `moved the start to ${moment(start, timeZone)}`;
    }
    case MESSAGES.extend:
      return typeof end === 'number' ? `made it longer, until ${moment(end, timeZone)}` : 'made it longer';
    case MESSAGES.amend:
      return `amended the plan: ${Object.entries(rest['fields'] ?? {})
        .map(([field, value]) => `${field} is now ${value === null ? 'left out' : text(value)}`)
        .join('; ')}`;
    case MESSAGES.pause:
      return `let nothing new begin (pause)${because}`;
    case MESSAGES.resume:
      return 'let it go on (resume)';
    default:
      return otherWords(name, input, answer);
  }
}

/** Of what this page has no words for: what the workshop answered, else what was said. */
function otherWords(name: string, input: unknown, answer: string | undefined): string {
  if (answer !== undefined) return `${name}: ${answer}`;
  const said = Object.entries(input ?? {}).map(([key, value]) => `${key} ${text(value)}`);
  return said.length === 0 ? name : `${name}: ${said.join(', ')}`;
}

function listed(emails: unknown): string {
  const all = Array.isArray(emails) ? emails.map(text) : [];
  const more = all.length - EMAILS_NAMED;
  return all.slice(0, EMAILS_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
