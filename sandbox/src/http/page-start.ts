import { invalidParameter } from './errors.ts';

/**
 * Where a page begins, in lists that are cut by position: page tokens are opaque to clients.
 * @throws 400 for one that was not given out.
 */
export function pageStart(token: string | null): number {
  if (token === null || token === '') return 0;
  const position = Buffer.from(token, 'base64url').toString();
  if (!/^\d{1,9}$/.test(position)) throw invalidParameter('Invalid page token.');
  return Number(position);
}

/** The field that leads to the next page, or none on the last one. */
export const nextPage = (from: number, total: number): { readonly next_page_token?: string } =>
  from < total ? { next_page_token: Buffer.from(String(from)).toString('base64url') } : {};
