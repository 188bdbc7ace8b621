/** A line of an app's log, as its stream gives it (docs/facts/apps-clients.md section 5). */
export interface LogLine {
  /** What the app printed, or what the platform did with it. */
  readonly source: 'APP' | 'SYSTEM';
  /** Seconds since the epoch, in the sandbox's own time. */
  readonly timestamp: number;
  readonly message: string;
}

interface LogWatcher {
  line(line: LogLine): void;
  /** The compute whose log it was has stopped. */
  end(): void;
}

/** An app may print without end. */
const MOST_LINES = 5_000;
const LONGEST_LINE = 8_192;

/** What an app printed since its compute came up, and what was done with it; the end of it, when it was a lot. */
export class AppLog {
  #lines: LogLine[] = [];
  readonly #watchers = new Set<LogWatcher>();

  /** @param at the sandbox's epoch milliseconds. */
  add(source: LogLine['source'], message: string, at: number): void {
    const line = { source, timestamp: at / 1_000, message: message.slice(0, LONGEST_LINE) };
    this.#lines.push(line);
    if (this.#lines.length > 2 * MOST_LINES) this.#lines = this.#lines.slice(-MOST_LINES);
    for (const watcher of this.#watchers) watcher.line(line);
  }

  lines(): readonly LogLine[] {
    return this.#lines.slice(-MOST_LINES);
  }

  /** Tells every line from now on, until the answer is called or the log ends. */
  watch(watcher: LogWatcher): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Nobody hears of it any more. */
  end(): void {
    for (const watcher of this.#watchers) watcher.end();
    this.#watchers.clear();
  }
}
