import type { Progress } from '../../domain/replayed/checklist/progress.ts';
import type { Verdict } from '../../domain/verdict/verdict.ts';
import { timeOfDay } from '../../domain/clock/clock.ts';
import { oneLine } from './style.ts';
import { peopleWords } from './people-bar.ts';

/** People change state by the dozen; a log wants to know now and then. */
const PEOPLE_EVERY_MS = 5_000;

/**
 * What changed since the last look, one line each, for a log: the verdict as it turns, items as they change state,
 * people every five seconds at most.
 */
export class ProgressLog {
  readonly #timeZone: string;
  readonly #states = new Map<string, string>();
  #heading = '';
  #verdict = '';
  #people = '';
  #peopleAt = -Infinity;

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  /** @param last says what was held back. */
  changes(progress: Progress, verdict: Verdict, now: number, last = false): string[] {
    const lines: string[] = [];
    if (progress.heading !== this.#heading) {
      this.#heading = progress.heading;
      lines.push(`-- ${progress.heading} --`);
    }
    if (verdict.kind !== this.#verdict) {
      this.#verdict = verdict.kind;
      lines.push(oneLine(verdict.text));
    }
    for (const item of progress.checklist) {
      const asked = item.state === 'waiting' && item.deadline !== undefined ? 'asked' : item.state;
      const before = this.#states.get(item.id) ?? (item.kind === 'hand-off' ? '' : 'waiting');
      this.#states.set(item.id, asked);
      // A line that fails is tried again and again: under way is no news for it.
      if (asked === before || asked === 'running' || (before === 'failed' && asked === 'waiting')) {
        if (asked === 'running' && before === 'failed') this.#states.set(item.id, before);
        continue;
      }
      lines.push(`${asked.padEnd(10)} ${item.title}${item.evidence ? `: ${oneLine(item.evidence)}` : ''}`);
    }
    const words = progress.attendees.attendees === 0 ? '' : peopleWords(progress.attendees);
    if (words !== this.#people && (last || now - this.#peopleAt >= PEOPLE_EVERY_MS)) {
      this.#people = words;
      this.#peopleAt = now;
      lines.push(`people     ${words}`);
    }
    return lines.map((line) => `${timeOfDay(now, this.#timeZone)} ${line}`);
  }
}
