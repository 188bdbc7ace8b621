import { z } from 'zod';
import { DAY } from '../../replayed/time/units.ts';
import { type Offset, parseDuration, parseOffset } from '../duration.ts';

/**
 * A number is the commonest mistake for a duration, and `must be text` would help nobody.
 *
 * @param units those the number may be meant in, likeliest first
 */
const durationText = (example: string, units: (count: number) => readonly string[]) =>
  z.string({
    error: ({ input }) => {
      if (input === undefined || input === null) return undefined;
      if (typeof input !== 'number') return `must be a duration: write it like ${example}`;
      const countable = Number.isInteger(input) && input >= 0 && input < 10_000;
      return `needs a unit: write it like ${
        countable
          ? units(input)
              .map((unit) => `${input}${unit}`)
              .join(' or ')
          : example
      }`;
    },
  });

/** Turns a parser of durations that throws RangeError into a field whose message is that error's sentence. */
const parsed = <T>(written: z.ZodString, parse: (text: string) => T) =>
  written.transform((text, context): T => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });

/** More hours than this would be advice that the next check refuses. */
const MOST_HOURS_MEANT = 12;
const exactText = durationText('4h or 90m', (count) => (count <= MOST_HOURS_MEANT ? ['h', 'm'] : ['m']));

/** A field for a duration, read to milliseconds; the fallback holds when nothing is written. */
export const duration = (fallback: string) => parsed(exactText, parseDuration).prefault(fallback);

/**
 * A field for a duration, read to milliseconds, of at most `longest`. The limit comes first: whoever counts in days is
 * not sent to hours that are too many.
 */
export const durationUpTo = (longest: number, tooLong: string) =>
  parsed(exactText, (text) => {
    if (roughMs(parseOffset(text)) > longest) throw new RangeError(tooLong);
    return parseDuration(text);
  });

/** A field for how long before the start something begins; the fallback tells in which unit a bare number is meant. */
export const offset = (fallback: string) =>
  parsed(
    durationText(fallback, () => [fallback.slice(-1)]),
    parseOffset,
  ).prefault(fallback);

/**
 * An offset in milliseconds: long enough for comparing offsets, never for a moment, because a calendar day is not
 * always this long.
 */
export function roughMs({ days, ms }: Offset): number {
  return days * DAY + ms;
}
