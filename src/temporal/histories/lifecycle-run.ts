import type { Report } from '../../domain/papers/report.ts';
import { workshopAddress } from '../../domain/replayed/made/addresses.ts';
import type { Heading } from '../../domain/replayed/checklist/lines.ts';
import type { TemporalReads } from '../reads.ts';
import { eventsOf, failureIn, valueIn } from './history-events.ts';

/** What a run of a lifecycle began with: a run is a page of the guide, so the heading is the one it is open at. */
export interface BeganWith {
  readonly title: string;
  readonly timeZone: string;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly heading: Heading;
  /** Seats when this run began, without those of testers who are not attendees. */
  readonly people: number;
  /** It took over people and clusters of an earlier one. */
  readonly adopted: boolean;
}

/** How a lifecycle ended, as Temporal keeps it. */
export type EndedWith =
  | { readonly how: 'report'; readonly report: Report }
  | { readonly how: 'terminated'; readonly reason: string; readonly identity: string }
  | { readonly how: 'failed'; readonly why: string };

/** The part of a WorkshopInput that is read here, of whichever version. */
interface Input {
  readonly plan?: { readonly title?: string; readonly timeZone?: string };
  readonly timeline?: { readonly start?: number; readonly end?: number };
  readonly state?: {
    readonly timeline?: { readonly start?: number; readonly end?: number };
    readonly heading?: Heading;
    readonly seats?: Readonly<Record<string, number>>;
    readonly toEnrol?: readonly string[];
    readonly guests?: readonly string[];
    readonly adopted?: boolean;
  };
}

/** Reads the input of a run. undefined for one that this program did not start. */
export function beganWith(input: unknown): BeganWith | undefined {
  const { plan, timeline, state } = (input ?? {}) as Input;
  const { start, end } = state?.timeline ?? timeline ?? {};
  if (plan?.title === undefined || start === undefined || end === undefined || state?.heading === undefined)
    return undefined;
  const { seats = {}, toEnrol = [], guests = [], heading, adopted = false } = state;
  const people = Object.keys(seats).length + toEnrol.length - guests.length;
  return { title: plan.title, timeZone: plan.timeZone ?? 'UTC', start, end, heading, people, adopted };
}

/** What this run began with; undefined where Temporal has forgotten it. @throws {WrongSettings} without its key */
export async function readBeganWith(reads: TemporalReads, id: string, runId: string): Promise<BeganWith | undefined> {
  return beganWith(await readInput(reads, id, runId));
}

/** The input of one run of a lifecycle, or of its latest; undefined where Temporal has forgotten it. Throws alike. */
export async function readInput(reads: TemporalReads, id: string, runId?: string): Promise<unknown> {
  const run = { workflowId: workshopAddress(id), ...(runId === undefined ? {} : { runId }) };
  const [first] = (await eventsOf(reads, run, 'first')) ?? [];
  return valueIn(reads, first?.workflowExecutionStartedEventAttributes?.input);
}

/** How this run ended, if Temporal still knows it. @throws {WrongSettings} without its key */
export async function readEndedWith(reads: TemporalReads, id: string, runId: string): Promise<EndedWith | undefined> {
  const last = (await eventsOf(reads, { workflowId: workshopAddress(id), runId }, 'last'))?.at(-1);
  const {
    workflowExecutionCompletedEventAttributes: completed,
    workflowExecutionTerminatedEventAttributes: terminated,
    workflowExecutionFailedEventAttributes: failed,
  } = last ?? {};
  if (completed) return { how: 'report', report: (await valueIn(reads, completed.result)) as Report };
  if (terminated) return { how: 'terminated', reason: terminated.reason ?? '', identity: terminated.identity ?? '' };
  if (failed) return { how: 'failed', why: (await failureIn(reads, failed.failure))?.message ?? '' };
  return undefined;
}
