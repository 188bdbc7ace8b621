import type { ServingJudgement } from '../../domain/replayed/capacity/capacity.ts';
import { canConnect } from '../../domain/plan/ssh-scope.ts';
import { formatDuration } from '../../domain/replayed/time/format-duration.ts';
import { oddities } from '../../domain/plan/warnings/oddities.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { clockChangeAt } from '../../domain/plan/clock-change.ts';
import type { Roster } from './input-files.ts';
import { moment } from '../../domain/clock/clock.ts';
import { DAY } from '../../domain/replayed/time/units.ts';

/**
 * Clusters that have been stopped for longer leave the listings, and with them the watcher's sight
 * (docs/facts/databricks.md section 2).
 */
const LISTED_FOR = 30 * DAY;
const SHOWN = 5;

/** All that is odd about a plan without being wrong. */
export function warningsFor(found: {
  readonly plan: Plan;
  readonly people: readonly string[];
  readonly duplicates: Roster['duplicates'];
  readonly leftOut: Roster['leftOut'];
  readonly timeline: Timeline;
  readonly now: number;
  readonly guestTesters: readonly string[];
  readonly serving: ServingJudgement;
  readonly leadIsEnough: boolean;
  readonly sharedNames: ReadonlySet<string>;
  /** Takes up a workshop that runs: what is overdue was done then, or is caught up as it would be anyway. */
  readonly takesOver: boolean;
}): string[] {
  const {
    plan,
    people,
    duplicates,
    leftOut,
    timeline,
    now,
    guestTesters,
    serving,
    leadIsEnough,
    sharedNames,
    takesOver,
  } = found;
  const warnings: string[] = [];
  const say = (condition: boolean, text: () => string) => condition && warnings.push(text());

  say(
    plan.messages?.onlyTo !== undefined,
    () => `Nobody but ${plan.messages?.onlyTo} gets a letter: take messages.onlyTo out of the plan before it counts.`,
  );
  say(
    timeline.end <= now,
    () => `The workshop is over: it ended ${moment(timeline.end, plan.timeZone)}. "start" will refuse it.`,
  );
  say(
    !takesOver && timeline.start <= now && timeline.end > now,
    () =>
      `The workshop began ${moment(timeline.start, plan.timeZone)}: everything is made at once, ` +
      'and people wait for it.',
  );
  say(
    clockChangeAt(plan.start, plan.timeZone) === 'repeated',
    () =>
      `The clocks of ${plan.timeZone} go back on that day and show ${plan.start.slice(11)} twice: ` +
      `the first is meant, ${new Date(timeline.start).toISOString().slice(11, 16)} UTC. A start at ` +
      'another time is clear to everybody.',
  );
  warnings.push(...oddities(plan, { people, timeline, now }));
  const overdue = OVERDUE.filter(([key]) => timeline[key] < now && timeline.start > now).map(([, name]) => name);
  say(
    !takesOver && overdue.length > 0,
    () =>
      `Overdue already: ${overdue.join(', ')}. Started now, the workshop catches up at once, in ` +
      'order; people have less time to answer.',
  );
  say(
    !leadIsEnough,
    () =>
      `Auto-termination after ${plan.compute.autoTerminationMinutes} minutes is short for ` +
      `${people.length} people: clusters cannot be launched early enough that the last is ready ` +
      'and the first not stopped again before the start. Raise compute.autoTerminationMinutes.',
  );
  say(
    plan.compute.preProvision && timeline.start - timeline.oneWeekBefore > LISTED_FOR,
    () =>
      `Clusters made ${formatDuration(timeline.start - timeline.oneWeekBefore)} early and stopped ` +
      "leave the workspace's listings after 30 days: shorten offsets.oneWeekBefore.",
  );
  say(
    guestTesters.length > 0,
    () => `Not on the roster, so they get a cluster for testing and no seat: ${list(guestTesters)}.`,
  );
  say(
    plan.testers.length === 0,
    () =>
      'Nobody is a tester: that everything works from a laptop behind the company proxy is then ' +
      'first tried by everybody at once.',
  );
  say(
    duplicates.length > 0,
    () =>
      'On the roster more than once, counted once: ' +
      `${list(duplicates.map(({ email, line }) => `${email} (line ${line})`))}.`,
  );
  say(
    leftOut.length > 0,
    () =>
      'Left out of the roster: ' +
      `${list(leftOut.map(({ line, what, why }) => `line ${line}, "${what}" (${why})`))}. All of it: ` +
      `bin/workshop attendees import ${plan.roster} --dry-run`,
  );
  const cannotConnect = people.filter((email) => !canConnect(email));
  say(
    cannotConnect.length > 0,
    () =>
      '"databricks ssh" cannot keep its keys for addresses with other characters than letters, ' +
      `digits, dashes, underscores and periods, or longer than 91: ${list(cannotConnect)}. They ` +
      'need another account for the workshop.',
  );
  say(
    sharedNames.size > 0,
    () =>
      'The same name before the @, so their clusters have the same name too (their tags differ): ' +
      `${list([...sharedNames])}.`,
  );
  say(
    plan.attendeeGroup !== undefined,
    () => `Rights go to the group "${plan.attendeeGroup}": that everybody is in it is up to you.`,
  );
  say(
    serving.verdict === 'short',
    () => `Model Serving is too small for everybody at once. ${serving.remedies.join(' ')}`,
  );
  say(
    serving.verdict === 'unknown',
    () => `The limits of Model Serving are not in the plan, so somebody will be asked. ${serving.remedies.join(' ')}`,
  );
  return warnings;
}

const OVERDUE = [
  ['twoWeeksBefore', 'two weeks before'],
  ['oneWeekBefore', 'one week before'],
  ['dayBefore', 'day before'],
  ['dayOf', 'day of'],
] as const;

const list = (names: readonly string[]) =>
  `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''}`;
