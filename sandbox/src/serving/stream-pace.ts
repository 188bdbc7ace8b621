import { setTimeout as sleep } from 'node:timers/promises';
import { tokensOf } from './token-estimate.ts';

/** Shorter than this nobody waits: timers are no more exact. */
const SHORTEST_MS = 5;

/** Waits as long as a model would take for so many characters, at so many tokens a second. */
export function paceOf(tokensPerSecond: number): (delta: string) => Promise<void> {
  let debt = 0;
  return async (delta) => {
    debt += (tokensOf(delta) / tokensPerSecond) * 1_000;
    if (debt < SHORTEST_MS) return;
    const ms = debt;
    debt = 0;
    await sleep(ms, undefined, { ref: false });
  };
}
