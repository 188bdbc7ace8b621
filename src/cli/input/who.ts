import { userInfo } from 'node:os';

/** Who is at this keyboard, for receipts: the name this computer knows them by. */
export function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that nobody has named.
    return 'somebody';
  }
}
