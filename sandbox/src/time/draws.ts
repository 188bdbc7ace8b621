import { createHash } from 'node:crypto';

/**
 * A number in [0, 1) that depends on the seed and the key alone, so a rehearsal repeats whatever order requests
 * arrive in.
 */
export function drawUnit(seed: string, key: string): number {
  return createHash('sha256').update(`${seed}\0${key}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

/**
 * A log-normal duration in milliseconds with this median and 95th percentile. Cut off beyond 2.5 standard deviations,
 * so that no draw is absurd.
 */
export function drawLogNormal(seed: string, key: string, medianMs: number, p95Ms: number): number {
  const u = Math.max(drawUnit(seed, `${key}\0u`), Number.EPSILON);
  const v = drawUnit(seed, `${key}\0v`);
  const normal = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  const sigma = Math.log(p95Ms / medianMs) / 1.645;
  return medianMs * Math.exp(sigma * Math.min(2.5, Math.max(-2.5, normal)));
}

/** A duration in milliseconds, evenly spread between two bounds. */
export function drawBetween(seed: string, key: string, lowMs: number, highMs: number): number {
  return lowMs + drawUnit(seed, key) * (highMs - lowMs);
}
