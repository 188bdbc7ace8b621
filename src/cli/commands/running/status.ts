import { Command } from 'commander';
import type { About, WorkshopClient } from '../../../client.ts';
import type { Progress } from '../../../domain/replayed/checklist/progress.ts';
import { whatIsWrong, type Seat } from '../../../domain/replayed/seat/seat.ts';
import { checklistLines } from '../../terminal/checklist-lines.ts';
import { countdown, moment } from '../../terminal/clock.ts';
import { followProgress } from '../../terminal/follow-progress.ts';
import { nextMoment } from '../../terminal/next-moment.ts';
import { print, printJson } from '../../terminal/output.ts';
import { peopleBar, peopleLegend } from '../../terminal/people-bar.ts';
import { fit, oneLine, styleFor, type Style } from '../../terminal/style.ts';
import { untilStopped } from '../../input/until-stopped.ts';
import { EXIT } from '../../input/exit.ts';
import { withClient } from '../../input/with-client.ts';

/** `workshop status`: where a workshop is, line by line of the guide. */
export function statusCommand(): Command {
  return new Command('status')
    .description('Show where a workshop is: its checklist, its people, and what waits for somebody.')
    .argument('<id>', "the workshop's id, from its plan")
    .option('--watch', 'keep showing it until it is over, or Ctrl-C')
    .option('--json', 'print what the progress query answers, as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  workshop status spring-apps --watch\n\nExit code 0: nothing failed and nobody is late with an answer. 1: something did, or is, or the lifecycle has ended from outside.',
    )
    .action((id: string, { watch, json }: { watch?: boolean; json?: boolean }) =>
      withClient(async (client) => {
        const about = await client.about(id);
        if (watch && json !== true) {
          // Asked once before following: what cannot be followed is said as without --watch.
          await client.progress(id);
          const stop = new AbortController();
          const stopped = untilStopped().then(() => stop.abort());
          await Promise.race([
            followProgress(client, id, { quiet: false, stop: stop.signal, ...(about ? { about } : {}) }),
            stopped,
          ]);
          stop.abort();
        }
        const progress = await client.progress(id);
        const gone = progress.status !== 'finished' && (await client.standing(id)) !== 'running';
        process.exitCode =
          gone || progress.checklist.some(({ state }) => state === 'failed' || state === 'unanswered')
            ? EXIT.notAsWanted
            : EXIT.ok;
        if (watch && json !== true) {
          if (gone) print(goneWarning(id));
          return;
        }
        if (json) printJson(progress);
        else
          print(
            [
              ...(gone ? [goneWarning(id)] : []),
              ...statusPage(progress, about, {
                failing: await failingSeats(client, id, progress),
                now: Date.now(),
                style: styleFor(process.stdout),
                columns: process.stdout.columns,
              }),
            ].join('\n'),
          );
        if (gone && json) process.stderr.write(`${goneWarning(id)}\n`);
      }),
    );
}

/** A lifecycle that was terminated from outside still answers queries, as if nothing had happened. */
const goneWarning = (id: string) =>
  `The lifecycle of "${id}" has ended from outside: what is shown is where it stood. Nothing was removed. Take it up again with "bin/workshop start <plan> --adopt", or remove what is left with "bin/workshop teardown ${id} --dry-run" and then --execute.\n`;

/** Everything that `status` shows, as lines. */
export function statusPage(
  progress: Progress,
  about: About | undefined,
  {
    failing = [],
    now,
    style,
    columns,
  }: { failing?: readonly Seat[]; now: number; style: Style; columns?: number | undefined },
): string[] {
  const { workshop, attendees, refused } = progress;
  const timeZone = about?.timeZone ?? 'UTC';
  const next = nextMoment(about?.timeline ?? { start: progress.start, end: progress.end }, now);
  const bar = peopleBar(attendees, Math.min((columns ?? 80) - 4, 70), style);
  return [
    `${style.bold(workshop.title)}  ${style.dim(workshop.id)}`,
    `  ${progress.status === 'running' ? `at "${progress.heading}"` : progress.status}${about ? `, in ${about.workspace}` : ''}`,
    `  ${moment(progress.start, timeZone)} to ${moment(progress.end, timeZone)}`,
    ...(next && progress.status === 'running'
      ? [`  next: ${next.name}, ${moment(next.at, timeZone)}, in ${countdown(next.at - now)}`]
      : []),
    '',
    ...checklistLines(progress.checklist, {
      style,
      id: workshop.id,
      timeZone,
      over: progress.status === 'finished',
    }).map((line) => (columns === undefined ? line : fit(line, columns))),
    '',
    style.bold(`People: ${attendees.attendees}`) +
      (attendees.guests > 0 ? ` and ${attendees.guests} testers who are not attendees` : ''),
    ...(bar === '' ? [] : [`  ${bar}`, `  ${peopleLegend(attendees, style)}`]),
    ...failingLines(failing, workshop.id, style),
    ...(refused.length > 0
      ? [
          '',
          style.bold('Refused, lately'),
          ...refused.map(({ what, why, at }) => `  ${moment(at, timeZone)}: ${what}: ${why}`),
        ]
      : []),
  ];
}

const MOST_SHOWN = 15;

/** Those whose cluster, or something before it, failed and is not mended yet. Nobody is asked where all is calm. */
async function failingSeats(client: WorkshopClient, id: string, { attendees, status }: Progress): Promise<Seat[]> {
  const { ready = 0, asleep = 0, parked = 0, enrolled = 0, released = 0 } = attendees.byState;
  const isCalm = ready + asleep + parked + enrolled + released === attendees.attendees && attendees.testersFailed === 0;
  if (isCalm || status === 'finished') return [];
  return (await client.roster(id))
    .filter(({ state, failures, lost }) => state === 'failed' || (failures > 0 && lost !== undefined))
    .toSorted((a, b) => (a.email < b.email ? -1 : 1));
}

/** Who is failed or being tried again, and why. */
function failingLines(failing: readonly Seat[], id: string, style: Style): string[] {
  return [
    ...failing.slice(0, MOST_SHOWN).flatMap((seat) => {
      const { email, state } = seat;
      const why = whatIsWrong(seat);
      return [
        `  ${style.red('✘')} ${email}${state === 'failed' ? '' : `  ${style.dim(`${state}, after a failure`)}`}`,
        ...(why ? [`      ${oneLine(`${why.cause} ${why.toDo}`)}`] : []),
      ];
    }),
    ...(failing.length > MOST_SHOWN
      ? [`  … and ${failing.length - MOST_SHOWN} more: bin/workshop attendees list ${id}`]
      : []),
  ];
}
