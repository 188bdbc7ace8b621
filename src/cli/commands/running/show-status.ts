import type { About, WorkshopReader } from '../../../reader.ts';
import type { Progress } from '../../../domain/replayed/checklist/progress.ts';
import { poolWaitsText } from '../../../domain/replayed/made/pool-waits.ts';
import { NoAnswer } from '../../../temporal/client-errors.ts';
import { checklistLines } from '../../terminal/checklist-lines.ts';
import { countdown, moment, nextMoment } from '../../terminal/clock.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { peopleBar, peopleLegend } from '../../terminal/people-bar.ts';
import { styleFor } from '../../terminal/style.ts';
import { untilStopped } from '../../input/until-stopped.ts';
import { EXIT } from '../../input/exit.ts';
import { lookingAt } from '../../which/which-workshop.ts';

export interface StatusOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** Prints where a workshop is, or follows it. The exit code says whether anything failed or is late. */
export async function showStatus(given: string | undefined, { watch, json }: StatusOptions): Promise<void> {
  await lookingAt(given, async (reader, id) => {
    const { state, about, poolWaits } = await reader.look(id);
    const follows = watch && json !== true;
    if (follows) await follow(reader, id, about);
    const progress = await reader.progress(id).catch((error: unknown) => {
      // Without a worker nobody ends what costs money.
      if (!(poolWaits && error instanceof NoAnswer)) throw error;
      throw new NoAnswer(`${error.message}\n${poolWaitsText(poolWaits, Date.now())}`);
    });
    const standing = follows ? await reader.standing(id) : state;
    const gone = progress.status !== 'finished' && standing !== 'running';
    process.exitCode =
      gone || progress.checklist.some(({ state }) => state === 'failed' || state === 'unanswered')
        ? EXIT.notAsWanted
        : EXIT.ok;
    if (json) {
      printJson(progress);
      if (gone) say(goneWarning(id, progress.end));
      return;
    }
    if (gone) print(goneWarning(id, progress.end));
    if (!follows) print((await statusPage(progress, about, await failing(reader, progress))).join('\n'));
  });
}

/** Until it is over, or Ctrl-C. */
async function follow(reader: WorkshopReader, id: string, about: About | undefined): Promise<void> {
  const { followProgress } = await import('../../terminal/follow-progress.ts');
  // Asked once before following: what cannot be followed is said as without --watch.
  await reader.progress(id);
  const stop = new AbortController();
  const stopped = untilStopped().then(() => stop.abort());
  await Promise.race([
    followProgress(reader, id, { quiet: false, stop: stop.signal, ...(about ? { about } : {}) }),
    stopped,
  ]);
  stop.abort();
}

/** A lifecycle that was terminated from outside still answers queries, as if nothing had happened. */
function goneWarning(id: string, end: number): string {
  const removal = `"bin/workshop teardown ${id} --dry-run" and then --execute`;
  return (
    `The lifecycle of "${id}" has ended from outside: what is shown is where it stood. Nothing was removed. ` +
    // What is over cannot be taken up again.
    (Date.now() < end
      ? `Take it up again with "bin/workshop start <plan> --adopt", or remove what is left with ${removal}.\n`
      : `The workshop itself is over: save what people need, and remove what is left with ${removal}.\n`)
  );
}

/** Those who need somebody, as lines. Nobody is asked where all is calm. */
async function failing(reader: WorkshopReader, { attendees, status, workshop }: Progress): Promise<string[]> {
  const { ready = 0, asleep = 0, parked = 0, enrolled = 0, released = 0 } = attendees.byState;
  const isCalm = ready + asleep + parked + enrolled + released === attendees.attendees && attendees.testersFailed === 0;
  if (isCalm || status === 'finished') return [];
  const { failingLines } = await import('../../terminal/failing-lines.ts');
  return failingLines(await reader.roster(workshop.id), workshop.id, styleFor(process.stdout));
}

/** Everything that `status` shows, as lines. */
async function statusPage(progress: Progress, about: About | undefined, people: readonly string[]): Promise<string[]> {
  const now = Date.now();
  const style = styleFor(process.stdout);
  const { columns } = process.stdout as { columns?: number };
  const { workshop, attendees, refused } = progress;
  const timeZone = about?.timeZone ?? 'UTC';
  const { paused, cancelled } = progress;
  const where = progress.status === 'running' ? `at "${progress.heading}"` : progress.status;
  const next = nextMoment(about?.timeline ?? { start: progress.start, end: progress.end }, now);
  const bar = peopleBar(attendees, Math.min((columns ?? 80) - 4, 70), style);
  const over = progress.status === 'finished';
  const lines = checklistLines(progress.checklist, { style, id: workshop.id, timeZone, over });
  return [
    `${style.bold(workshop.title)}  ${style.dim(workshop.id)}`,
    `  ${where}${about ? `, in ${about.workspace}` : ''}`,
    `  ${moment(progress.start, timeZone)} to ${moment(progress.end, timeZone)}`,
    ...(cancelled
      ? [`  ${style.yellow(`cancelled by ${cancelled.by}, ${moment(cancelled.at, timeZone)}: ${cancelled.reason}`)}`]
      : []),
    ...(paused
      ? [
          `  ${style.yellow(`paused by ${paused.by}, ${moment(paused.at, timeZone)}`)}`,
          ...(paused.reason ? [`  ${paused.reason}`] : []),
          `  Nothing is made or started until: bin/workshop resume ${workshop.id}`,
        ]
      : []),
    ...(next && progress.status === 'running'
      ? [`  next: ${next.name}, ${moment(next.at, timeZone)}, in ${countdown(next.at - now)}`]
      : []),
    '',
    ...(columns === undefined ? lines : await cutTo(columns, lines)),
    '',
    style.bold(`People: ${attendees.attendees}`) +
      (attendees.guests > 0 ? ` and ${attendees.guests} testers who are not attendees` : ''),
    ...(bar === '' ? [] : [`  ${bar}`, `  ${peopleLegend(attendees, style)}`]),
    ...people,
    ...(refused.length > 0
      ? [
          '',
          style.bold('Refused, lately'),
          ...refused.map(({ what, why, at }) => `  ${moment(at, timeZone)}: ${what}: ${why}`),
        ]
      : []),
  ];
}

/** For a terminal that wide. What knows the width of every character takes long to load, and a pipe has no width. */
async function cutTo(columns: number, lines: readonly string[]): Promise<string[]> {
  const { default: cliTruncate } = await import('cli-truncate');
  return lines.map((line) => cliTruncate(line, columns));
}
