import type { Duplex } from 'node:stream';

/** Every byte of two connections, in both directions, until either of them ends, which ends the other. */
export function joinSockets(one: Duplex, other: Duplex): void {
  one.on('error', () => other.destroy());
  one.on('close', () => other.destroy());
  other.on('error', () => one.destroy());
  other.on('close', () => one.destroy());
  one.pipe(other).pipe(one);
}
