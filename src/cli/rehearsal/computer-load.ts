import { setTimeout as wait } from 'node:timers/promises';

/** CPU time that one measurement takes, and the wall time after which it gives up, both milliseconds. */
const SPIN_MS = 30;
/** At the beginning there is time: who works for longer is no longer served before others. */
const FIRST_SPIN_MS = 150;
const LONGEST_MS = 3_000;
const PERIOD_MS = 4_000;
/** A minute of them. */
const LOOKS = 15;

/** From here on a rehearsal's own work does not explain how slow its computer is. */
export const TOO_SLOW = 2.5;

/** Below this a computer is as fast as it can be: what a rehearsal itself asks of it is no reason to wait. */
const BUSY = 1.5;

/**
 * How many times slower than it could be this computer is, because others use its cores: 1 when nobody does. Measured
 * by a little work, whose time on the clock is compared with the time it was given a core.
 */
export function measureSlowness(spinMs = SPIN_MS): number {
  // One look in a bad moment says nothing.
  const [, median = 1] = [once(spinMs), once(spinMs), once(spinMs)].toSorted((a, b) => a - b);
  return median < BUSY ? 1 : median;
}

/** The same, before anything else has begun. */
export const slownessAtFirst = (): number => measureSlowness(FIRST_SPIN_MS);

function once(spinMs: number): number {
  const began = performance.now();
  const before = cpuMs();
  while (cpuMs() - before < spinMs && performance.now() - began < LONGEST_MS) {
    // A few thousand turns between two looks at the clocks, which are not free.
    for (let n = 0; n < 5_000; n += 1) Math.sqrt(n);
  }
  return (performance.now() - began) / Math.max(1, cpuMs() - before);
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** Watches how busy this computer is while a rehearsal runs on it. */
export class ComputerLoad {
  readonly #over = new AbortController();
  readonly #watching: Promise<void>;
  /** How many times slower than it could be, when the rehearsal began. */
  readonly atFirst: number;
  #lately: number[];
  #worst: number;

  /** @param slowness measured just now @param measure measures it again, every `periodMs` milliseconds */
  constructor(slowness: number, measure: () => number = measureSlowness, periodMs = PERIOD_MS) {
    this.atFirst = slowness;
    this.#lately = [slowness];
    this.#worst = slowness;
    this.#watching = this.#watch(measure, periodMs);
  }

  /**
   * How many times slower than it could be, at the worst of the last looks: whoever sleeps in between is given a core
   * at once where everybody else waits, so that one look alone takes a busy computer for an idle one.
   */
  get now(): number {
    return Math.max(...this.#lately);
  }

  /** The worst that was seen. */
  get worst(): number {
    return this.#worst;
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await this.#watching;
  }

  async #watch(measure: () => number, periodMs: number): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      await wait(periodMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const slowness = measure();
      this.#lately = [...this.#lately, slowness].slice(-LOOKS);
      this.#worst = Math.max(this.#worst, slowness);
    }
  }
}
