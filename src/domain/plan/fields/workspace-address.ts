import { z } from 'zod';

/** The address of a workspace, read to its origin: what a person copies from the browser may have more behind it. */
export const workspaceAddress = z
  .url({
    protocol: /^https?$/,
    abort: true,
    error: ({ input }) =>
      typeof input === 'string'
        ? 'must be the address of the workspace, like https://adb-123.4.azuredatabricks.net'
        : undefined,
  })
  .refine(
    isSafeAddress,
    'must begin with https:// (http:// would send credentials in the open; only this computer may be http)',
  )
  .transform((text) => new URL(text).origin);

/** A sandbox on this computer is the one thing that may speak plain http. */
function isSafeAddress(text: string): boolean {
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
