import type { Language } from '../plan/fields/messages.ts';

/** Without a country English has the day behind the month. */
const localeOf = (language: Language): string => (language === 'en' ? 'en-GB' : language);

const DAY = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
const TIME = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/**
 * Each of them holds memory that no garbage collector sees: pages that are drawn every second would fill a machine with
 * them in an afternoon.
 */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: typeof DAY | typeof TIME, timeZone: string, language: Language): Intl.DateTimeFormat {
  const key = `${options === DAY ? 'day' : 'time'} ${language} ${timeZone}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(localeOf(language), { ...options, timeZone });
  formats.set(key, known);
  return known;
}

/** `Tuesday, 16 March 2027`, `Dienstag, 16. März 2027`. */
export const dayText = (at: number, timeZone: string, language: Language = 'en'): string =>
  format(DAY, timeZone, language).format(at);

/** `09:00` */
export const clockText = (at: number, timeZone: string, language: Language = 'en'): string =>
  format(TIME, timeZone, language).format(at);
