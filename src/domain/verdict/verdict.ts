import { HEADINGS, isOnTheDay, type LineId } from '../replayed/checklist/lines.ts';
import type { Progress } from '../replayed/checklist/progress.ts';
import type { Forecast } from './forecast.ts';
import { firstSentence, inWords } from './in-words.ts';
import { ABOUT_PEOPLE, EVERYBODYS, type Step } from './steps.ts';
import type { Trouble } from './troubles.ts';

/** How a workshop stands, in a word; `gone`: its lifecycle was ended from outside. */
export type VerdictKind = 'on track' | 'late' | 'needs you' | 'broken' | 'paused' | 'cancelled' | 'over' | 'gone';

/** How a workshop stands, for a projector: the first thing that is said of it. */
export interface Verdict {
  readonly kind: VerdictKind;
  /** Begins with the kind. */
  readonly text: string;
}

/** All that a verdict is made from. */
export interface Standing {
  readonly progress: Progress;
  /** Its lifecycle does not run any more, and left no report. */
  readonly isGone: boolean;
  readonly steps: readonly Step[];
  readonly troubles: readonly Trouble[];
  readonly forecast?: Forecast | undefined;
  /** The next moment of the guide, like `day before`. */
  readonly next?: { readonly name: string; readonly at: number } | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  /** A moment on the workshop's own clock: `09:41`, with the day where it is another one. */
  readonly when: (at: number) => string;
}

/** Of that share of the people whose clusters fail, the workshop is broken, and not only some clusters. */
const BROKEN_SHARE = 0.5;

/** Once clusters are launched, it does not matter any more that these came to nothing. */
const ONLY_BEFORE_LAUNCHES: readonly LineId[] = ['capacity', 'pool-warms', 'warm-pool', 'spares'];

/** Judges how a workshop stands: what is worst comes first. */
export function verdictOf(standing: Standing): Verdict {
  const { progress, isGone, now, when } = standing;
  const { status, paused, end } = progress;
  if (isGone)
    return {
      kind: 'gone',
      text: 'Gone: its lifecycle was ended from outside. Nothing was removed, and nobody watches.',
    };
  if (progress.cancelled || status === 'cancelling') return cancelled(standing);
  if (status === 'finished' || now >= end) return over(standing);
  const broken = brokenWords(standing);
  if (broken !== undefined) return { kind: 'broken', text: `Broken: ${broken}` };
  if (paused)
    return {
      kind: 'paused',
      text: `Paused by ${paused.by} since ${when(paused.at)}${paused.reason ? `: ${paused.reason}` : ''}`,
    };
  return onTheDay(standing) ?? beforeTheDay(standing);
}

function cancelled({ progress: { cancelled: by, status, attendees }, when }: Standing): Verdict {
  const who = by ? ` by ${by.by}, ${when(by.at)}: ${by.reason}` : '';
  const { released = 0 } = attendees.byState;
  const rest =
    status === 'finished'
      ? 'Everything was removed'
      : `Everything is being removed: ${released} of ${attendees.attendees} people have left`;
  return { kind: 'cancelled', text: `Cancelled${who.replace(/\.$/, '')}. ${rest}.` };
}

function over({ progress, when, steps }: Standing): Verdict {
  const { checklist, status, end, attendees } = progress;
  const isProven = checklist.some(({ id, state }) => id === 'proof' && state === 'passed');
  if (status === 'finished')
    return {
      kind: 'over',
      text: isProven
        ? 'Over: everything was removed, and two empty listings prove it.'
        : 'Over, and it is not proven that nothing is left.',
    };
  const failed = steps.find(({ why }) => why === 'failed' || why === 'held up');
  const { released = 0 } = attendees.byState;
  const rest = failed
    ? `not everything could be done: "${failed.title}"`
    : `it is being removed, ${released} of ${attendees.attendees} people have left`;
  return { kind: 'over', text: `Over since ${when(end)}; ${rest}.` };
}

/** How the line about launches begins: said already. */
const STOPPED = /^launches are stopped(?=: )/i;

/** What is broken for everybody, with its cause; undefined when nothing is. */
function brokenWords({ progress: { attendees }, troubles, steps }: Standing): string | undefined {
  const lasting = troubles.filter(({ isLetter, isLasting }) => isLasting && !isLetter);
  const failing = lasting.reduce((sum, { people }) => sum + people.length, 0);
  const all = Math.max(attendees.attendees, failing);
  const isCrowd = failing > 1 && failing >= all * BROKEN_SHARE;
  const many = lasting[0] && `${failing} of ${all} failed: ${firstSentence(lasting[0].cause)}`;
  const holdsUp = steps.find(({ line, why }) => why === 'failed' && EVERYBODYS.some((id) => id === line));
  const why = firstSentence(holdsUp?.said ?? holdsUp?.title ?? '');
  if (holdsUp?.line === 'launches') return `launches are stopped${many ? `. ${many}` : why.replace(STOPPED, '')}`;
  if (holdsUp?.line === 'workspace') return `the workspace does not answer the worker as it should. ${why}`;
  return holdsUp ? why : isCrowd ? many : undefined;
}

/** From the moment at which everybody's cluster is launched. */
function onTheDay(standing: Standing): Verdict | undefined {
  const { progress, forecast, now, when } = standing;
  if (forecast === undefined || !isOnTheDay(HEADINGS.indexOf(progress.heading))) return undefined;
  const { people, ready, needPerson, allReadyAt = now, readyByStart } = forecast;
  const { start } = progress;
  const isBefore = now < start;
  const count = `${ready} of ${people} ready`;
  if (needPerson > 0) {
    const others = people - ready - needPerson;
    return {
      kind: 'needs you',
      text:
        `Needs you: ${needPerson} of ${people} cannot start without you. ${count}` +
        (others > 0 ? `, ${others} more at about ${when(allReadyAt)}` : ''),
    };
  }
  if (ready < people && (!isBefore || allReadyAt > start)) {
    const by = isBefore
      ? `, ${inWords(allReadyAt - start)} after the start; about ${readyByStart} by the start`
      : `; it began ${inWords(now - start)} ago`;
    return { kind: 'late', text: `Late: ${count}, forecast ${when(allReadyAt)}${by}` };
  }
  const spare =
    ready < people
      ? `${count}, forecast ${when(allReadyAt)}, ${inWords(start - allReadyAt)} to spare`
      : `${count}, ${isBefore ? `${inWords(start - now)} to spare` : `the end is at ${when(progress.end)}`}`;
  const steps = standing.steps.filter(({ line }) => !ONLY_BEFORE_LAUNCHES.some((id) => id === line));
  return waitingFor({ ...standing, steps }, spare) ?? { kind: 'on track', text: `On track: ${spare}` };
}

function beforeTheDay(standing: Standing): Verdict {
  const { next, now, when, troubles, progress, steps } = standing;
  const stuck = troubles.filter(({ needsPerson, isLetter }) => needsPerson || isLetter);
  const [first] = stuck;
  // That a line about people failed says less than what is wrong with them.
  const own = first ? steps.filter(({ line }) => !ABOUT_PEOPLE.some((id) => id === line)) : steps;
  const waits = waitingFor({ ...standing, steps: own }, undefined);
  if (waits) return waits;
  if (first) {
    const many = stuck.reduce((sum, { people }) => sum + people.length, 0);
    const of = `${many} of ${progress.attendees.attendees}`;
    const others = many - first.people.length;
    const rest = others > 0 ? ` ${others} more for another reason.` : '';
    return { kind: 'needs you', text: `Needs you: ${of} people: ${firstSentence(first.cause)}${rest}` };
  }
  const asked = steps.filter(({ why }) => why === 'asked').length;
  const what = next ? `${whatIsNext(next.name)} ${when(next.at)}, in ${inWords(next.at - now)}` : 'it goes on';
  return { kind: 'on track', text: `On track: ${what}${asked > 0 ? `; ${asked} to be answered by you` : ''}` };
}

/** Lines that failed, and questions that nobody answered in time. */
function waitingFor({ steps }: Standing, meanwhile: string | undefined): Verdict | undefined {
  const failed = steps.filter(({ why }) => why === 'failed');
  const overdue = steps.filter(({ why }) => why === 'overdue');
  const [first] = failed.length > 0 ? failed : overdue;
  if (!first) return undefined;
  const more = failed.length + overdue.length - 1;
  const rest = `${more > 0 ? `, and ${more} more` : ''}${meanwhile === undefined ? '' : `. ${meanwhile}`}`;
  return {
    kind: 'needs you',
    text:
      first.why === 'failed'
        ? `Needs you: "${first.title}" failed${rest}`
        : `Waiting for you: "${first.title}" (${first.line}) is overdue${rest}`,
  };
}

/** On the day everything is made ready before people come. */
const whatIsNext = (name: string): string =>
  name === 'day of' ? 'preparation begins at' : `next is ${theMoment(name)},`;

const theMoment = (name: string): string => (name.startsWith('the ') || name === 'removal' ? name : `"${name}"`);
