import { isTwin, type Seat } from '../seat/seat.ts';
import { classOf, type FailureClass } from './failure-classes.ts';

/**
 * The breaker: a run of launches that fail alike stops everybody else's, because what is broken for so many is broken
 * for the next one too. All instants are epoch milliseconds.
 */

/** People whose launches fail alike, since one last came up. */
export interface FailingAlike {
  readonly class: string;
  readonly people: number;
  /** When the last of them failed. */
  readonly lastAt: number;
  /** What the one who has failed for longest was told. */
  readonly example: string;
  readonly exampleAt: number;
}

/** Launches are stopped since then, for what they failed of. */
export interface LaunchStop {
  readonly class: string;
  readonly at: number;
  /** Single launches that were tried since. */
  readonly tries: number;
  readonly triedAt: number;
}

/** Fewer than that many people are never a run: one person's failure is their own. */
const LEAST_PEOPLE = 3;
const SHARE_OF_CROWD = 0.05;

/**
 * How many people's launches have to fail alike before nobody else is launched.
 * @param wanted what the plan says, if it says something
 */
export const peopleToStop = (people: number, wanted: number | undefined): number =>
  wanted ?? Math.max(LEAST_PEOPLE, Math.ceil(people * SHARE_OF_CROWD));

/** When a launch last came up, of all these seats; 0 when none did. */
const lastCameUp = (seats: readonly Seat[]): number => Math.max(0, ...seats.map(({ cameUp }) => cameUp?.at ?? 0));

/**
 * Whose launches fail, by what they fail of: only those who have gone through every machine of the plan, and only since
 * somebody's last came up.
 */
export function failingAlike(seats: readonly Seat[]): readonly FailingAlike[] {
  const since = lastCameUp(seats);
  return addFailing(
    seats
      .filter((seat) => seat.target !== 'released' && !isTwin(seat))
      .flatMap(({ failedLaunches: failed }) =>
        failed?.onEveryMachine && failed.at > since
          ? [
              {
                class: classOf(failed.class).name,
                people: 1,
                lastAt: failed.at,
                example: failed.cause,
                exampleAt: failed.at,
              },
            ]
          : [],
      ),
  );
}

/** Those of several cohorts, together. */
export function addFailing(all: readonly FailingAlike[]): readonly FailingAlike[] {
  const byClass = new Map<string, FailingAlike>();
  for (const one of all) {
    const sum = byClass.get(one.class);
    const older = sum && sum.exampleAt <= one.exampleAt ? sum : one;
    byClass.set(one.class, {
      class: one.class,
      people: (sum?.people ?? 0) + one.people,
      lastAt: Math.max(sum?.lastAt ?? 0, one.lastAt),
      example: older.example,
      exampleAt: older.exampleAt,
    });
  }
  return [...byClass.values()].toSorted((a, b) => (a.class < b.class ? -1 : 1));
}

/** True for what a cohort's report may carry of it. */
export const isFailingAlike = (given: unknown): given is readonly FailingAlike[] =>
  Array.isArray(given) &&
  given.every(
    (one: Partial<Record<keyof FailingAlike, unknown>> | null) =>
      typeof one?.class === 'string' &&
      typeof one.example === 'string' &&
      [one.people, one.lastAt, one.exampleAt].every((n) => typeof n === 'number'),
  );

/**
 * The run of like failures that stops launches, if there is one. What passes by itself (a workspace that has trouble,
 * throttling) never does: whoever is refused only waits.
 * @param since what was reported before was forgiven: somebody said that launches go on
 */
export const runThatStops = (
  { failingAlike: runs, lastUpAt }: { readonly failingAlike: readonly FailingAlike[]; readonly lastUpAt: number },
  { people, since }: { readonly people: number; readonly since: number },
): FailingAlike | undefined =>
  runs.find(
    (run) => run.people >= people && run.lastAt > Math.max(since, lastUpAt) && classOf(run.class).costs !== 'passing',
  );

/**
 * Milliseconds between two launches that are tried while the others are stopped; undefined: none is. During the event
 * nobody waits longer than that for another try to be made. Before it, only a refusal, which costs nothing, is worth
 * finding out about, ever more rarely; a machine that dies is paid for, and waits for somebody's word.
 */
export function pauseBetweenTries(
  { class: name, tries }: Pick<LaunchStop, 'class' | 'tries'>,
  pace: { readonly eventRetry: number; readonly recheck: number; readonly reminder: number },
  isEventOn: boolean,
): number | undefined {
  if (isEventOn) return pace.eventRetry;
  if (classOf(name).costs === 'a machine') return undefined;
  return Math.min(pace.recheck * 2 ** Math.min(tries, 20), pace.reminder);
}

/**
 * Whether somebody's launch has to wait while launches are stopped. During the event only of those whose own launches
 * fail like that, on every machine: somebody else, like one whose cluster dies in the room, is tried as always.
 */
export function isHeldBack(
  { failedLaunches: failed }: Pick<Seat, 'failedLaunches'>,
  stop: Pick<LaunchStop, 'class'> | undefined,
  isEventOn: boolean,
): boolean {
  if (stop === undefined) return false;
  if (!isEventOn) return true;
  return failed?.onEveryMachine === true && classOf(failed.class).name === stop.class;
}

/** What people are told when launches are stopped. */
export function stopWords(
  { class: name, people, example }: FailingAlike,
  id: string,
  tries: 'every two minutes' | 'ever more rarely' | 'not',
): { readonly evidence: string; readonly toDo: string } {
  const { what, person }: FailureClass = classOf(name);
  const byItself =
    tries === 'not'
      ? 'By itself: nothing before the day of the event, because each try costs a machine.'
      : `By itself: one person's launch is tried ${tries}; if it comes up, everybody's goes on.`;
  return {
    evidence:
      `launches are stopped: those of ${people} people in a row failed alike (${name}), and none came up since. ` +
      `${example.startsWith(what) ? '' : `${what} `}The first was told: ${example}`,
    toDo: [
      'What it means: nobody else is launched and nothing more is spent; clusters that run go on.',
      `What to do: ${person}`,
      byItself,
      `Who they are: bin/workshop attendees list ${id} --state failed`,
      `When the cause is mended, all who are not ready go on with: bin/workshop retry ${id} launches`,
    ].join('\n'),
  };
}
