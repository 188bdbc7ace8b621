import type { Chance } from './chance.ts';

/** `MMDD-HHMMSS` in UTC, how cluster and pool ids begin. */
function stamp(at: number): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T');
  return `${date.slice(5).replace('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}

/** A cluster id, `MMDD-HHMMSS-xxxxxxxx`, not yet in use. */
export function newClusterId(chance: Chance, at: number, inUse: ReadonlyMap<string, unknown>): string {
  for (;;) {
    const id = `${stamp(at)}-${chance.letters(8)}`;
    if (!inUse.has(id)) return id;
  }
}

const WORDS = ['bart', 'bikes', 'hauls', 'mesh', 'ripen', 'sway', 'tilt', 'wools'] as const;

/** A pool id, such as `0727-104344-hauls13-pool-uftxk0r6`. */
export function newPoolId(chance: Chance, at: number, inUse: ReadonlyMap<string, unknown>): string {
  for (;;) {
    const id = `${stamp(at)}-${WORDS[chance.below(WORDS.length)]}${1 + chance.below(99)}-pool-${chance.letters(8)}`;
    if (!inUse.has(id)) return id;
  }
}
