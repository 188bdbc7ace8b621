import { clearScreenDown, cursorTo } from 'node:readline';
import cliTruncate from 'cli-truncate';
import { createLogUpdate } from 'log-update';
import type { Progress } from '../../domain/replayed/checklist/progress.ts';
import { statusPage } from '../pages/status-page.ts';
import { statusView, type StatusContext } from '../../domain/verdict/status-view.ts';
import { ProgressLog } from './progress-log.ts';
import { styleFor } from './style.ts';

export interface DrawOptions {
  readonly timeZone: string;
  /** Lines that stay on top of the picture; without a terminal they are printed once. */
  readonly top: readonly string[];
}

/** What is known beside the progress. */
export type Around = Omit<StatusContext, 'now'>;

export interface ProgressDrawing {
  show(progress: Progress, around: Around): void;
  /** Leaves the last picture standing and gives the terminal back. Idempotent. */
  done(): void;
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPIN_MS = 100;
/** Draws on a terminal that says how large it is, or prints what changed where there is none. */
export function drawProgress(stream: NodeJS.WriteStream, options: DrawOptions): ProgressDrawing {
  const canDraw = stream.isTTY && stream.columns > 0 && stream.rows > 0 && process.env['TERM'] !== 'dumb';
  return canDraw ? onTerminal(stream, options) : asLog(stream, options);
}

function asLog(stream: NodeJS.WriteStream, { timeZone, top }: DrawOptions): ProgressDrawing {
  const log = new ProgressLog(timeZone);
  let latest: [Progress, Around] | undefined;
  const verdictOf = (progress: Progress, around: Around, now: number) =>
    statusView(progress, { ...around, now }).verdict;
  const write = (lines: readonly string[]) => lines.length > 0 && stream.write(`${lines.join('\n')}\n`);
  write(top);
  return {
    show(progress, around) {
      const now = Date.now();
      latest = [progress, around];
      write(log.changes(progress, verdictOf(progress, around, now), now));
    },
    done() {
      const now = Date.now();
      if (latest) write(log.changes(latest[0], verdictOf(...latest, now), now, true));
      latest = undefined;
    },
  };
}

function onTerminal(stream: NodeJS.WriteStream, { top }: DrawOptions): ProgressDrawing {
  const style = styleFor(stream);
  const redraw = createLogUpdate(stream);
  let latest: [Progress, Around] | undefined;
  let turn = 0;
  let timer: NodeJS.Timeout | undefined;

  const draw = () => {
    if (!latest) return;
    const [progress, around] = latest;
    const { columns } = stream;
    const lines = statusPage(statusView(progress, { ...around, now: Date.now() }), {
      columns,
      // The last row stays free: a line break in it would scroll the picture away from under us.
      rows: Math.max(5, stream.rows - 1),
      style,
      top,
      spinner: SPINNER[turn % SPINNER.length] ?? '',
    }).map((line) => cliTruncate(line, columns));
    redraw(lines.join('\n'));
  };
  const onResize = () => {
    // Lines that were drawn wider may have wrapped: how many rows they take now, nobody knows.
    redraw.done();
    cursorTo(stream, 0, 0);
    clearScreenDown(stream);
    draw();
  };
  return {
    show(progress, around) {
      latest = [progress, around];
      if (timer) return;
      stream.on('resize', onResize);
      draw();
      timer = setInterval(() => {
        turn += 1;
        draw();
      }, SPIN_MS);
      timer.unref();
    },
    done() {
      if (!timer) return;
      clearInterval(timer);
      timer = undefined;
      draw();
      stream.off('resize', onResize);
      redraw.done();
      latest = undefined;
    },
  };
}
