import { randomInt } from 'node:crypto';
import { randomLetters } from './random.ts';

/** `MMDD-HHMMSS` in UTC, how cluster and pool ids begin. */
function stamp(at: number): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T');
  return `${date.slice(5).replace('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}

/** A cluster id, `MMDD-HHMMSS-xxxxxxxx`, not yet in use. */
export function newClusterId(at: number, inUse: ReadonlyMap<string, unknown>): string {
  for (;;) {
    const id = `${stamp(at)}-${randomLetters(8)}`;
    if (!inUse.has(id)) return id;
  }
}

const WORDS = ['bart', 'bikes', 'hauls', 'mesh', 'ripen', 'sway', 'tilt', 'wools'] as const;

/** A pool id, such as `0727-104344-hauls13-pool-uftxk0r6`. */
export function newPoolId(at: number, inUse: ReadonlyMap<string, unknown>): string {
  for (;;) {
    const id = `${stamp(at)}-${WORDS[randomInt(WORDS.length)]}${1 + randomInt(99)}-pool-${randomLetters(8)}`;
    if (!inUse.has(id)) return id;
  }
}
