import { isAnotherDay } from '../../../domain/replayed/checklist/moved-back.ts';
import { movedTimeline } from '../../../domain/plan/timeline-of-plan.ts';
import { Refused } from '../../../temporal/client-errors.ts';
import { WrongInput } from '../../input/exit.ts';
import { countdown, moment } from '../../../domain/clock/clock.ts';
import { confirm } from '../../terminal/confirm.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

export interface RescheduleOptions {
  readonly by: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * Moves the start, after showing what that means. @throws {WrongInput} for what is no moment; {Refused} when it is too
 * late for it.
 */
export async function reschedule(
  given: string | undefined,
  start: string,
  { by, yes, json }: RescheduleOptions,
): Promise<void> {
  await inWorkshop(given, async (client, id) => {
    const { about } = await client.look(id);
    const { workshop, attendees } = await client.progress(id);
    if (!about) throw new Refused(`Nobody recorded the moments of "${id}": it was not started by this program.`);
    const { timeline, timeZone } = about;
    const moved = movedOrWrong(() => movedTimeline(timeline, timeZone, start));
    say(
      [
        `"${workshop.title}" (${id})`,
        `  from  ${moment(timeline.start, timeZone)}`,
        `  to    ${moment(moved.start, timeZone)}, in ${countdown(moved.start - Date.now())}`,
        whatItMeans(
          moved.start - timeline.start,
          attendees.withCluster,
          isAnotherDay(moved, Date.now(), about.speed ?? 1),
        ),
        `  ${attendees.invited} of ${attendees.attendees} people have a letter with the old date, and get a new one.`,
      ].join('\n'),
    );
    await confirm('Move the start?', yes);
    const receipt = await client.reschedule(id, { by, timeline: moved });
    if (json) return printJson({ ...receipt, timeline: moved });
    print(`${receipt.recorded}.`);
    print(
      `Change it in the plan's file too (start: ${start.trim().replace(' ', 'T')}), for whoever takes the workshop ` +
        `up again from it. See how it goes on: bin/workshop status ${id}`,
    );
  });
}

function whatItMeans(laterMs: number, clusters: number, isAnother: boolean): string {
  if (laterMs < 0) return '  What would have been done by then is done at once, in the order of the guide.';
  if (!isAnother) return '  The same day, still: what is done stays done, and clusters that run go on.';
  return (
    `  On another day: the ${clusters} clusters that exist are parked until then; if it is more than a day, the ` +
    'endpoint, the access, the pool and the canary are tried again.'
  );
}

function movedOrWrong<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    throw error instanceof RangeError ? new WrongInput(error.message) : error;
  }
}
