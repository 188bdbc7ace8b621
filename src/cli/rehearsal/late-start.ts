import type { WorkshopClient } from '../../client.ts';
import type { Progress } from '../../domain/replayed/checklist/progress.ts';
import { HEADINGS, type Heading } from '../../domain/replayed/checklist/lines.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import type { ComputerLoad } from './computer-load.ts';

/** Milliseconds of real time. */
const STEP = 30_000;
/** Nothing waits for ever: what has not happened by then does not come of the computer alone. */
const LONGEST = 20 * 60_000;

/** From here on a rehearsal's own work does not explain how slow its computer is. */
const BUSY = 2.5;

const isBefore = (heading: Heading, other: Heading): boolean => HEADINGS.indexOf(heading) < HEADINGS.indexOf(other);

/**
 * Lets the start of a rehearsal wait for what must precede it, where a busy computer is slow to do it: the days before
 * that are still worked through, and, on the day, clusters that are still on their way. What the sandbox was told to do
 * badly is not waited for. Each wait is bounded, and so are all of them together.
 */
export class LateStart {
  readonly #client: Pick<WorkshopClient, 'postpone'>;
  readonly #id: string;
  readonly #load: Pick<ComputerLoad, 'now'>;
  readonly #say: (line: string) => void;
  readonly #planned: number;
  #timeline: Timeline;
  #hasSaid = false;

  constructor(
    client: Pick<WorkshopClient, 'postpone'>,
    about: {
      readonly id: string;
      readonly timeline: Timeline;
      readonly load: Pick<ComputerLoad, 'now'>;
      readonly say: (line: string) => void;
    },
  ) {
    this.#client = client;
    this.#id = about.id;
    this.#load = about.load;
    this.#say = about.say;
    this.#timeline = about.timeline;
    this.#planned = about.timeline.start;
  }

  /** Milliseconds by which the start was moved. */
  get waited(): number {
    return this.#timeline.start - this.#planned;
  }

  /** Looks at a progress of the workshop, and postpones its start if need be. @param now epoch milliseconds */
  async consider(progress: Progress, now: number): Promise<void> {
    if (!this.#mustWait(progress, now) || this.waited + STEP > LONGEST) return;
    const moved = later(this.#timeline, STEP);
    await this.#client.postpone(this.#id, { by: 'the rehearsal', timeline: moved });
    this.#timeline = moved;
    if (!this.#hasSaid) this.#say(words(this.#load.now));
    this.#hasSaid = true;
  }

  #mustWait({ heading, status, attendees }: Progress, now: number): boolean {
    if (status !== 'running' || !isBefore(heading, 'during')) return false;
    // The days before are worked through one after the other, however long that takes: the day waits for them.
    if (isBefore(heading, 'day of')) return now > this.#timeline.dayOf - STEP / 3;
    const { waiting = 0, creating = 0, verifying = 0, starting = 0, parked = 0 } = attendees.byState;
    const onTheirWay = waiting + creating + verifying + starting + parked;
    return onTheirWay > 0 && this.#load.now > BUSY && now > this.#timeline.start - STEP / 3;
  }
}

const words = (slowness: number): string =>
  `This computer is busy with other things (${slowness.toFixed(1)} times slower than it could be), so the workshop's ` +
  `start waits until what comes before it is done, for ${LONGEST / 60_000} minutes at the most. Nothing is wrong with ` +
  'the workspace. To be quicker, end what else runs here.';

/** Every moment that is still to come, moved by so many milliseconds. */
const later = (timeline: Timeline, ms: number): Timeline => ({
  ...timeline,
  dayOf: timeline.dayOf + ms,
  start: timeline.start + ms,
  end: timeline.end + ms,
  teardown: timeline.teardown + ms,
});
