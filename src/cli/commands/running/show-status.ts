import type { About, WorkshopReader } from '../../../reader.ts';
import { poolWaitsText } from '../../../domain/replayed/made/pool-waits.ts';
import { NoAnswer } from '../../../temporal/client-errors.ts';
import { statusPage } from '../../pages/status-page.ts';
import { needsRoster, standingOf, statusView, type StatusView } from '../../../domain/verdict/status-view.ts';
import { temporalPage } from '../../pages/temporal-page.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { styleFor } from '../../terminal/style.ts';
import { untilStopped } from '../../input/until-stopped.ts';
import { EXIT } from '../../input/exit.ts';
import { messagesNow } from '../messages/messages-now.ts';
import { roomNow } from '../looking/room-now.ts';
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
    const now = Date.now();
    const seats = needsRoster(progress) ? await reader.roster(id) : undefined;
    const people = seats && (await standingOf(seats, progress, about ?? {}, now));
    const room = seats && !gone ? await roomNow(reader, id)(progress, seats, now) : undefined;
    const looks = people ? await reader.lastLooks(id, progress.cohorts) : [];
    const messages = gone ? undefined : await messagesNow(reader, id, progress);
    const page = progress.parts ? undefined : temporalPage(process.env, reader.namespace, id);
    const view = statusView(progress, {
      about,
      people,
      poolWaits,
      isGone: gone,
      temporalPage: page,
      looks,
      room,
      messages,
      now,
    });
    process.exitCode =
      view.verdict.kind === 'broken' ||
      gone ||
      progress.checklist.some(({ state }) => state === 'failed' || state === 'unanswered')
        ? EXIT.notAsWanted
        : EXIT.ok;
    if (json) {
      const { verdict, forecast } = view;
      printJson({ ...progress, verdict, ...(forecast ? { forecast } : {}), looks, temporalPage: page, room, messages });
      if (gone) say(goneWarning(id));
      return;
    }
    if (!follows) print((await fittedTo(process.stdout, view)).join('\n'));
  });
}

/** As the terminal is large, with a row for the prompt; a pipe has no end. */
async function fittedTo(stream: NodeJS.WriteStream, view: StatusView): Promise<string[]> {
  const { columns, rows } = stream as { columns?: number; rows?: number };
  const style = styleFor(stream);
  if (columns === undefined || columns === 0) return statusPage(view, { style });
  return cutTo(columns, statusPage(view, { style, columns, ...(rows ? { rows: rows - 1 } : {}) }));
}

/** Until it is over, or Ctrl-C. */
async function follow(reader: WorkshopReader, id: string, about: About | undefined): Promise<void> {
  const { followProgress } = await import('../../terminal/follow-progress.ts');
  // Asked once before following: what cannot be followed is said as without --watch.
  await reader.progress(id);
  const page = temporalPage(process.env, reader.namespace, id);
  const stop = new AbortController();
  const stopped = untilStopped().then(() => stop.abort());
  await Promise.race([
    followProgress(reader, id, {
      room: roomNow(reader, id),
      quiet: false,
      stop: stop.signal,
      ...(about ? { about } : {}),
      ...(page ? { top: [`In Temporal: ${page}`] } : {}),
    }),
    stopped,
  ]);
  stop.abort();
}

/** A lifecycle that was terminated from outside still answers queries, as if nothing had happened. */
const goneWarning = (id: string): string =>
  `The lifecycle of "${id}" has ended from outside: what is shown is where it stood. Nothing was removed.`;

/** For a terminal that wide. What knows the width of every character takes long to load, and a pipe has no width. */
async function cutTo(columns: number, lines: readonly string[]): Promise<string[]> {
  const { default: cliTruncate } = await import('cli-truncate');
  return lines.map((line) => cliTruncate(line, columns));
}
