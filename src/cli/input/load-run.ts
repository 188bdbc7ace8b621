import { setTimeout as sleep } from 'node:timers/promises';
import type { Sample } from '../../domain/money/load-test.ts';

/** Real time, unless a test has another. */
export interface LoadClock {
  /** Milliseconds. */
  now(): number;
  /** Rejects when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

const REAL: LoadClock = {
  now: () => performance.now(),
  wait: async (ms, signal) => {
    await sleep(ms, undefined, { signal });
  },
};

export interface LoadRun {
  /** Milliseconds from the beginning. */
  readonly moments: readonly number[];
  /** After this nothing more is sent, in milliseconds. */
  readonly lasts: number;
  /** In flight at once; where answers are slower, requests are late or stay out. */
  readonly most: number;
  /** @param index of the request, from 0 */
  readonly ask: (signal: AbortSignal, index: number) => Promise<Omit<Sample, 'at'>>;
  /** Ends it with what is known. */
  readonly stop: AbortSignal;
  readonly onAnswer?: (samples: readonly Sample[], at: number) => void;
  readonly clock?: LoadClock;
}

/**
 * Sends each request at its moment, whatever became of those before: people do not wait for each other. What is in
 * flight when it is stopped is given up and not counted.
 * @returns the samples, and for how long requests were sent.
 */
export async function runLoad({
  moments,
  lasts,
  most,
  ask,
  stop,
  onAnswer,
  clock = REAL,
}: LoadRun): Promise<{ samples: Sample[]; ranMs: number }> {
  const samples: Sample[] = [];
  const inFlight = new Set<Promise<void>>();
  const began = clock.now();
  const since = (): number => clock.now() - began;
  const stopped = new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener('abort', () => resolve(), { once: true });
  });
  let mistake: unknown;
  const send = async (at: number, index: number): Promise<void> => {
    try {
      samples.push({ ...(await ask(stop, index)), at });
      onAnswer?.(samples, since());
    } catch (error) {
      if (!stop.aborted) mistake ??= error;
    }
  };
  const wait = async (ms: number): Promise<void> => {
    if (ms > 0)
      await clock.wait(ms, stop).catch((error: unknown) => {
        if (!stop.aborted) throw error;
      });
  };
  for (const [index, moment] of moments.entries()) {
    await wait(moment - since());
    while (inFlight.size >= most && !stop.aborted) await Promise.race([...inFlight, stopped]);
    if (stop.aborted || mistake !== undefined || since() >= lasts) break;
    const one = send(since(), index).finally(() => inFlight.delete(one));
    inFlight.add(one);
  }
  if (mistake === undefined && !stop.aborted) await wait(lasts - since());
  const ranMs = Math.min(since(), lasts);
  await Promise.all(inFlight);
  if (mistake !== undefined) throw mistake;
  return { samples, ranMs };
}
