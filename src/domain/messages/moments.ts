import type { Language } from '../plan/fields/messages.ts';

/** Without a country English has the day behind the month. */
const localeOf = (language: Language): string => (language === 'en' ? 'en-GB' : language);

/** `Tuesday, 16 March 2027`, `Dienstag, 16. März 2027`. */
export const dayText = (at: number, timeZone: string, language: Language = 'en'): string =>
  new Intl.DateTimeFormat(localeOf(language), {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(at);

/** `09:00` */
export const clockText = (at: number, timeZone: string, language: Language = 'en'): string =>
  new Intl.DateTimeFormat(localeOf(language), {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
