/**
 * Whether a post was made by one of our own pages, and not by a page from elsewhere: every browser of today says so in
 * one of two headers, and what says neither is no browser of today.
 */
export function isFromHere({ headers, url }: Request, publicUrl: string | undefined): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = headers.get('origin');
  if (origin === null) return false;
  return origin === new URL(publicUrl ?? url).origin;
}
