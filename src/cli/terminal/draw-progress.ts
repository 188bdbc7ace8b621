import type { Progress } from '../../domain/replayed/checklist/progress.ts';
import type { Timeline } from '../../domain/replayed/time/timeline.ts';
import { progressFrame } from './progress-frame.ts';
import { ProgressLog } from './progress-log.ts';
import { styleFor } from './style.ts';

export interface DrawOptions {
  readonly timeZone: string;
  readonly timeline: Partial<Timeline>;
  /** Lines that stay on top of the picture; without a terminal they are printed once. */
  readonly top: readonly string[];
}

export interface ProgressDrawing {
  show(progress: Progress, now: number): void;
  /** Leaves the last picture standing and gives the terminal back. Idempotent. */
  done(): void;
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPIN_MS = 100;
const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';
/** Terminals that know it show a picture whole or not at all; the others ignore it. */
const BEGIN_PICTURE = '\u001B[?2026h';
const END_PICTURE = '\u001B[?2026l';
const TO_END_OF_LINE = '\u001B[K';
const BELOW = '\u001B[J';
const up = (lines: number) => (lines > 0 ? `\u001B[${lines}F` : '\r');

/** Draws on a terminal, or prints what changed where there is none. */
export function drawProgress(stream: NodeJS.WriteStream, options: DrawOptions): ProgressDrawing {
  return stream.isTTY && process.env['TERM'] !== 'dumb' ? onTerminal(stream, options) : asLog(stream, options);
}

function asLog(stream: NodeJS.WriteStream, { timeZone, top }: DrawOptions): ProgressDrawing {
  const log = new ProgressLog(timeZone);
  let latest: Progress | undefined;
  const write = (lines: readonly string[]) => lines.length > 0 && stream.write(`${lines.join('\n')}\n`);
  write(top);
  return {
    show(progress, now) {
      latest = progress;
      write(log.changes(progress, now));
    },
    done() {
      if (latest) write(log.changes(latest, Date.now(), true));
      latest = undefined;
    },
  };
}

function onTerminal(stream: NodeJS.WriteStream, { timeZone, timeline, top }: DrawOptions): ProgressDrawing {
  const style = styleFor(stream);
  let latest: Progress | undefined;
  let turn = 0;
  let drawn = 0;
  let timer: NodeJS.Timeout | undefined;

  const draw = () => {
    if (!latest) return;
    // The last row stays free: a line break in it would scroll the picture away from under us.
    const rows = Math.max(5, (stream.rows || 24) - 1);
    const lines = progressFrame(latest, {
      now: Date.now(),
      columns: stream.columns || 80,
      rows,
      style,
      timeZone,
      timeline,
      top,
      spinner: SPINNER[turn % SPINNER.length] ?? '',
    });
    stream.write(
      `${BEGIN_PICTURE}${up(drawn)}${lines.map((line) => `${line}${TO_END_OF_LINE}\n`).join('')}${BELOW}${END_PICTURE}`,
    );
    drawn = lines.length;
  };
  const onResize = () => {
    // Lines that were drawn wider may have wrapped: how many rows they take now, nobody knows.
    stream.write('\u001B[2J\u001B[H');
    drawn = 0;
    draw();
  };
  const giveBack = () => {
    stream.write(SHOW_CURSOR);
  };
  return {
    show(progress) {
      latest = progress;
      if (timer) return;
      process.once('exit', giveBack);
      stream.on('resize', onResize);
      stream.write(HIDE_CURSOR);
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
      process.off('exit', giveBack);
      giveBack();
      latest = undefined;
    },
  };
}
