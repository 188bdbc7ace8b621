/** Refills that are thought of, a second: no two of them further apart than 3 %. */
const STEP = 1.03;
const SLOWEST_PER_SECOND = 0.004;
const REFILLS = 340;
/** Beforehand one a second is the likeliest, and 4 or 1/4 a second are hardly more than half as likely. */
const SPREAD = Math.log(4);
/** What was learnt another day is likely still about so. */
const SPREAD_LEARNT = Math.log(1.3);
/** What a bucket may still have held when it refused the first one: each refill is thought of with each of these. */
const LEFT_OVER = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95];

/** A refill and a burst that the bucket may have, played along. */
export interface Guess {
  /** Tokens a millisecond. */
  readonly perMs: number;
  burst: number;
  tokens: number;
  /** What came while it was full, since the last refusal. */
  spilt: number;
  /** Logarithms: how likely it was beforehand, what was answered since, and what Retry-After said. */
  readonly before: number;
  told: number;
  hinted: number;
  weight: number;
}

/**
 * Every bucket that is thought of.
 * @param secondMs a second of the workspace's, milliseconds
 * @param holds what one of them holds at most and now, by its refill and by what it had left over at a refusal
 * @param learnt launches a second that were found out another day
 */
export const allGuesses = (
  secondMs: number,
  holds: (perMs: number, leftOver: number) => Pick<Guess, 'burst' | 'tokens'>,
  learnt?: number,
): readonly Guess[] =>
  Array.from({ length: REFILLS }, (_, n) => SLOWEST_PER_SECOND * STEP ** n).flatMap((perSecond) =>
    LEFT_OVER.map((leftOver) => {
      const perMs = perSecond / secondMs;
      const off = Math.log(perSecond / (learnt ?? 1)) / (learnt === undefined ? SPREAD : SPREAD_LEARNT);
      return { perMs, ...holds(perMs, leftOver), spilt: 0, before: -(off ** 2) / 2, told: 0, hinted: 0, weight: 1 };
    }),
  );

/**
 * By how many tokens the guess would have named another wait than Retry-After, which is in whole seconds. Its own is
 * the one until its next token.
 */
export function hintsAgainst({ tokens, perMs }: Guess, retryAfterMs: number): number {
  const waitMs = (1 - tokens) / perMs;
  return Math.max(0, waitMs - retryAfterMs, retryAfterMs - 1_000 - waitMs) * perMs;
}
