import type { WorkshopClient } from '../../client.ts';
import type { Progress } from '../../domain/replayed/checklist/progress.ts';
import { HEADINGS, type Heading } from '../../domain/replayed/checklist/lines.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { TOO_SLOW, type ComputerLoad } from './computer-load.ts';

/** Milliseconds of real time by which a start is moved at least. */
const STEP = 30_000;
/**
 * So many milliseconds before a moment it is decided whether that moment waits: on a slow computer more, as it looks
 * rarely.
 */
const BEFOREHAND = 10_000;
/** More would use up all of the wait at once. */
const BEFOREHAND_AT_MOST = 120_000;
/** Nothing waits for ever: what has not happened by then does not come of the computer alone. */
const LONGEST = 30 * 60_000;

/** Between two answers of a workshop, milliseconds, on a computer that has nothing else to do. */
const USUAL = 3_000;
/** So long an answer that was late counts, milliseconds. */
const REMEMBERED = 60_000;

const isBefore = (heading: Heading, other: Heading): boolean => HEADINGS.indexOf(heading) < HEADINGS.indexOf(other);

/** A moment that is brought forward is so many milliseconds away: the workshop hears of it before it comes. */
const SOON = 5_000;
/** Less than so many milliseconds is not worth a change of plan. */
const WORTH_IT = 15_000;

/**
 * Lets the start of a rehearsal wait for what must precede it, where a busy computer is slow to do it: the days before
 * that are still worked through, and, on the day, a pool that is still being warmed, and clusters on their way. What
 * the sandbox was told to do badly is not waited for. Each wait is bounded, and so are all of them together.
 *
 * With thousands of people nobody knows beforehand how long the computer needs: there the day, and then the start, also
 * come as soon as all is done that precedes them.
 */
export class StartWhenReady {
  readonly #client: Pick<WorkshopClient, 'reschedule'>;
  readonly #id: string;
  readonly #load: Pick<ComputerLoad, 'now'>;
  readonly #say: (line: string) => void;
  readonly #lastChecks: number | undefined;
  #waited = 0;
  #timeline: Timeline;
  #hasSaid = false;
  /** When answers came that were late, and how many times later than usual. */
  #late: readonly { readonly at: number; readonly slowness: number }[] = [];

  constructor(
    client: Pick<WorkshopClient, 'reschedule'>,
    about: {
      readonly id: string;
      readonly timeline: Timeline;
      readonly load: Pick<ComputerLoad, 'now'>;
      readonly say: (line: string) => void;
      /** So long before the start everybody's cluster is looked at once more, milliseconds; given, it may be sooner. */
      readonly lastChecks?: number | undefined;
    },
  ) {
    this.#client = client;
    this.#id = about.id;
    this.#load = about.load;
    this.#say = about.say;
    this.#timeline = about.timeline;
    this.#lastChecks = about.lastChecks;
  }

  /** Milliseconds by which the start was put off, all in all. */
  get waited(): number {
    return this.#waited;
  }

  /**
   * Looks at a progress of the workshop, and moves its start if need be.
   * @param now epoch milliseconds
   * @param sinceMs how long ago the progress before this one came: what has a share of the computer to itself finds it
   * idle, and its workshop waits for a core all the same
   */
  async consider(progress: Progress, now: number, sinceMs = 0): Promise<void> {
    this.#late = [...this.#late, { at: now, slowness: sinceMs / USUAL }].filter(({ at }) => now - at < REMEMBERED);
    if (!this.#mustWait(progress, now)) {
      const early = this.#lastChecks === undefined ? 0 : this.#tooEarly(progress, now, this.#lastChecks);
      if (early >= WORTH_IT) await this.#move(-early, progress.heading);
      return;
    }
    const step = Math.min(Math.max(STEP, 2 * this.#beforehand), LONGEST - this.waited);
    if (step < STEP) return;
    await this.#move(step, progress.heading);
    this.#waited += step;
    if (!this.#hasSaid) this.#say(words(this.#slowness));
    this.#hasSaid = true;
  }

  async #move(ms: number, heading: Heading): Promise<void> {
    const moved = later(this.#timeline, ms, heading);
    await this.#client.reschedule(this.#id, { by: 'the rehearsal', timeline: moved, untold: true });
    this.#timeline = moved;
  }

  /** Milliseconds by which the next moment may come sooner, because all that precedes it is done. */
  #tooEarly({ heading, status, attendees, checklist }: Progress, now: number, lastChecks: number): number {
    const others = checklist.filter(({ id }) => id !== 'checks');
    if (status !== 'running' || isUnderWay(others, heading)) return 0;
    const { dayOf, start } = this.#timeline;
    if (heading === 'day before') return dayOf - now - SOON;
    const { ready = 0, failed = 0 } = attendees.byState;
    if (heading !== 'day of' || ready + failed < attendees.attendees) return 0;
    // The last checks wait for their time, which comes sooner with the start.
    const areDue = isUnderWay(checklist, heading) ? lastChecks : 0;
    return start - now - areDue - SOON;
  }

  get #beforehand(): number {
    return Math.min(BEFOREHAND * this.#slowness, BEFOREHAND_AT_MOST);
  }

  get #slowness(): number {
    return Math.max(1, this.#load.now, ...this.#late.map(({ slowness }) => slowness));
  }

  #mustWait({ heading, status, attendees, checklist }: Progress, now: number): boolean {
    if (status !== 'running' || !isBefore(heading, 'during')) return false;
    // The days before are worked through one after the other, however long that takes: the day waits for them. Once all
    // is done, the day before lasts until its end, and that is no reason to put it off once more.
    if (isBefore(heading, 'day of'))
      return (
        now > this.#timeline.dayOf - this.#beforehand &&
        (isBefore(heading, 'day before') || isUnderWay(checklist, heading))
      );
    if (this.#slowness <= TOO_SLOW) return false;
    // Launches are due before the start, and a pool has until then.
    const warming = checklist.some(({ id, state }) => id === 'warm-pool' && state === 'running');
    const warmBy = (this.#timeline.dayOf + this.#timeline.start) / 2;
    if (warming && now > warmBy - this.#beforehand) return true;
    const { waiting = 0, creating = 0, verifying = 0, starting = 0, parked = 0 } = attendees.byState;
    const onTheirWay = waiting + creating + verifying + starting + parked;
    return onTheirWay > 0 && now > this.#timeline.start - this.#beforehand;
  }
}

/** Something up to this heading is worked on, or will be. What needs a line that failed is not. */
function isUnderWay(checklist: Progress['checklist'], until: Heading): boolean {
  const failed = checklist.filter(({ state }) => state === 'failed').map(({ id }) => id);
  return checklist.some(
    ({ kind, heading, state, needs }) =>
      !isBefore(until, heading) &&
      (kind === 'check' || kind === 'action') &&
      (state === 'running' || (state === 'waiting' && !needs.some((need) => failed.includes(need)))),
  );
}

function words(slowness: number): string {
  const busy =
    slowness > 1
      ? `This computer is busy with other things (${slowness.toFixed(1)} times slower than it could be)`
      : 'This computer needs longer than planned';
  return (
    `${busy}, so the workshop's start waits until what comes before it is done, for ${LONGEST / 60_000} minutes at ` +
    'the most. That says nothing of the workspace.'
  );
}

/** Every moment that is still to come, moved by so many milliseconds. */
const later = (timeline: Timeline, ms: number, heading: Heading): Timeline => ({
  ...timeline,
  dayOf: timeline.dayOf + (isBefore(heading, 'day of') ? ms : 0),
  start: timeline.start + ms,
  end: timeline.end + ms,
  teardown: timeline.teardown + ms,
});
