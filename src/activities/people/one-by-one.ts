/** So many are asked for alone before a refusal counts as everybody's. */
const SAMPLE = 6;

/**
 * Asks for many in one call. Where that is refused it is asked again for fewer, down to single ones, so that whoever is
 * at fault fails alone. Returns who was refused, each with their own error; empty when nobody was.
 *
 * When everybody of a sample is refused in the same words it is not about any of them, and the rest is not tried: two
 * hundred who may not be granted anything cost a handful of calls.
 * @param isRefusal tells an answer that may be about one of them; any other error is thrown
 */
export async function refusedAmong<T>(
  all: readonly T[],
  ask: (some: readonly T[]) => Promise<unknown>,
  isRefusal: (error: unknown) => boolean,
): Promise<Map<T, unknown>> {
  const refused = new Map<T, unknown>();
  const attempt = async (some: readonly T[]): Promise<unknown> => {
    try {
      await ask(some);
      return undefined;
    } catch (error) {
      if (isRefusal(error)) return error;
      throw error;
    }
  };
  const alone = async (some: readonly T[]): Promise<void> => {
    for (const one of some) {
      const error = await attempt([one]);
      if (error !== undefined) refused.set(one, error);
    }
  };
  const byHalves = async (some: readonly T[]): Promise<void> => {
    if (some.length === 0) return;
    const error = await attempt(some);
    if (error === undefined) return;
    if (some.length === 1) return void refused.set(some[0] as T, error);
    const half = Math.ceil(some.length / 2);
    await byHalves(some.slice(0, half));
    await byHalves(some.slice(half));
  };

  const first = await attempt(all);
  if (first === undefined) return refused;
  if (all.length === 1) return refused.set(all[0] as T, first);
  const sample = spread(all);
  await alone(sample);
  const words = new Set([...refused.values()].map((error) => String(error)));
  const rest = all.filter((one) => !sample.includes(one));
  if (refused.size === sample.length && sample.length === SAMPLE && words.size === 1) {
    for (const one of rest) refused.set(one, first);
    return refused;
  }
  const half = Math.ceil(rest.length / 2);
  await byHalves(rest.slice(0, half));
  await byHalves(rest.slice(half));
  return refused;
}

/** From everywhere: those who fail for one reason often stand side by side. */
const spread = <T>(all: readonly T[]): readonly T[] =>
  all.length <= SAMPLE
    ? all
    : Array.from({ length: SAMPLE }, (_, i) => all[Math.floor((i * all.length) / SAMPLE)] as T);
