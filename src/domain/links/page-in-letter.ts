import { holderOf } from './signed-link.ts';

/** As long as a seal, and never one. */
const NO_SEAL = '_'.repeat(24);
const ANY_LINK = /[0-9a-f]{16}\.[A-Za-z0-9_-]{24}(?![A-Za-z0-9_-])/g;

/**
 * The address of somebody's own page as it stands in a letter that waits: without its seal it opens nothing. Texts wait
 * in Temporal, whose histories many may read; only what leaves is sealed.
 * @param base where the pages are
 */
export const unsealedPage = (base: string, id: string, seat: string): string => `${base}/${id}/${seat}.${NO_SEAL}`;

/** Whether a text has a link in it that was not sealed. */
export const isUnsealed = (text: string): boolean =>
  text.match(ANY_LINK)?.some((link) => link.endsWith(NO_SEAL)) ?? false;

/** Whether a text has a link of that seat in it, sealed or not. */
export const hasLinkOf = (text: string, seat: string): boolean =>
  text.match(ANY_LINK)?.some((link) => link.startsWith(`${seat}.`)) ?? false;

/**
 * The text with the link of the seat as it is now, at the address where the plan has the pages now. Whatever stands
 * before the link gives way to that, so that no word that somebody writes leads a link elsewhere.
 */
export function sealedIn(text: string, base: string, id: string, link: string): string {
  const holder = holderOf(link);
  if (holder?.role !== 'attendee') return text;
  const own = new RegExp(String.raw`https?://\S*?/${id}/${holder.seat}\.[A-Za-z0-9_-]{24}(?![A-Za-z0-9_-])`, 'g');
  return text.replaceAll(own, () => `${base}/${id}/${link}`);
}
