import { onePerWorkspace } from './one-per-workspace.ts';
import { whoAsks } from './asker.ts';
import { BucketGuesses, type LearntLaunches } from './bucket-guesses.ts';
import { DatabricksError } from './errors.ts';
import { FairLine, placeOf, type InLine } from './fair-line.ts';

/** A longer Retry-After is passed on to the caller, but does not hold everyone up that long on one answer's word. */
const LONGEST_PAUSE_MS = 120_000;
/** Whoever may wait without end for a turn waits through no pause longer than that. */
const LONGEST_PAUSE_TO_WAIT_MS = 20_000;
/** Retry-After is in whole seconds, rounded up. */
const ROUNDED_MS = 1_000;
/** Whoever has no place in the line is called back no later, for lines move quicker than was thought; real time. */
const CALLED_BACK_AT_LAST_MS = 30 * 60_000;
/**
 * And comes back when so much of the time has gone that the line takes at the best: it may move quicker than was
 * thought, and while nobody stands in it tokens are lost.
 */
const OF_LINE = 0.5;

export interface LaunchRateOptions {
  /** Whoever would have to wait so long for a turn, or has, is refused with 429 PAUSED and told when to come back. */
  readonly longestTurnMs?: number | undefined;
  /** How many times faster than a real one the workspace's clock runs; 1 if not given. */
  readonly speed?: number | undefined;
}

/** A launch that may go now. Whoever has it says what became of it, once. */
export interface LaunchTurn {
  /** @param outcome `unknown` where nobody knows, or it failed of something else than the limit */
  over(outcome: 'accepted' | 'refused' | 'unknown', retryAfterMs?: number): void;
}

interface Waiter extends InLine {
  readonly call: string;
  readonly since: number;
  readonly admit: (turn: LaunchTurn) => void;
  readonly refuse: (error: Error) => void;
}

/**
 * The line of those who would launch a node. How quickly it moves is learnt from what the workspace accepts and refuses
 * (bucket-guesses.ts), in each process by itself: others who launch there seem a smaller bucket.
 */
export class LaunchRate {
  #guesses: BucketGuesses;
  #speed: number;
  #longestTurnMs: number | undefined;
  #pausedUntil = 0;
  readonly #waiters = new FairLine<Waiter>();
  /** Those who found no place in the line, and when they come back. */
  #calledBack: (InLine & { readonly at: number })[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LaunchRateOptions = {}) {
    this.#speed = options.speed ?? 1;
    this.#guesses = new BucketGuesses(this.#speed);
    this.configure(options);
  }

  /** A later connection to the same workspace may say what it wants; what it leaves out stays. */
  configure({ longestTurnMs, speed }: LaunchRateOptions): void {
    if (longestTurnMs !== undefined) this.#longestTurnMs = longestTurnMs;
    if (speed === undefined || speed === this.#speed) return;
    this.#speed = speed;
    this.#guesses = new BucketGuesses(speed);
  }

  /** What was learnt here by now, by the workspace's clock; undefined before the first launch. */
  get learnt(): LearntLaunches | undefined {
    return this.#guesses.learnt;
  }

  /** Begins with what was learnt another day or elsewhere; what this process has seen itself counts for more. */
  begin(learnt: LearntLaunches): void {
    this.#guesses.begin(learnt);
  }

  /**
   * Waits until one more launch may go: askers take turns, and each one's own go first come, first served.
   * @throws the signal's reason when aborted.
   * @throws {DatabricksError} 429 PAUSED, with the time to come back, when the turn is further away than a caller
   *   should wait.
   */
  async take(call: string, signal?: AbortSignal): Promise<LaunchTurn> {
    signal?.throwIfAborted();
    const asker = whoAsks();
    this.#turnAwayFrom(call, asker);
    const { promise, resolve, reject } = Promise.withResolvers<LaunchTurn>();
    const waiter: Waiter = { asker, call, since: performance.now(), admit: resolve, refuse: reject };
    const leave = () => {
      this.#waiters.keep((other) => other !== waiter);
      reject(signal?.reason as Error);
    };
    this.#waiters.join(waiter);
    signal?.addEventListener('abort', leave, { once: true });
    this.#admit();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  /** @throws {DatabricksError} when the line is too long already. */
  #turnAwayFrom(call: string, asker: string): void {
    if (this.#longestTurnMs === undefined) return;
    const now = performance.now();
    const lineMs = this.#lineMs(now, placeOf(asker, this.#waiters.waiters));
    if (lineMs > this.#longestTurnMs) throw this.#comeBack(call, asker, now);
  }

  #lineMs(now: number, people: number): number {
    return Math.max(this.#pausedUntil - now, this.#guesses.shortestLineMs(now, people));
  }

  /** Those who were called back are ahead of whoever comes now: not all come at once. */
  #comeBack(call: string, asker: string, now: number): DatabricksError {
    this.#calledBack = this.#calledBack.filter(({ at }) => at > now);
    const lineMs = this.#lineMs(now, placeOf(asker, [...this.#waiters.waiters, ...this.#calledBack]));
    const pauseMs = Math.max(0, this.#pausedUntil - now);
    const ms = Math.min(CALLED_BACK_AT_LAST_MS / this.#speed, Math.max(pauseMs, lineMs * OF_LINE));
    const retryAfterMs = Math.max(ROUNDED_MS / this.#speed, Math.ceil(ms));
    this.#calledBack.push({ asker, at: now + retryAfterMs });
    return notSent(call, retryAfterMs);
  }

  #turn(): LaunchTurn {
    const sentAt = performance.now();
    this.#guesses.sent();
    let isOver = false;
    return {
      over: (outcome, retryAfterMs) => {
        if (isOver) return;
        isOver = true;
        const now = performance.now();
        if (outcome === 'accepted') this.#guesses.accepted(sentAt, now);
        else if (outcome === 'refused') this.#refused(sentAt, now, retryAfterMs);
        else this.#guesses.unknown();
        this.#admit();
      },
    };
  }

  /** Nobody comes back before the time that was named, but for what it was rounded up. */
  #refused(sentAt: number, now: number, retryAfterMs: number | undefined): void {
    this.#guesses.refused(sentAt, now, retryAfterMs);
    if (retryAfterMs === undefined) return;
    const leastMs = retryAfterMs > ROUNDED_MS ? retryAfterMs - ROUNDED_MS : 0;
    this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.min(leastMs, LONGEST_PAUSE_MS));
  }

  #admit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = performance.now();
    let waitMs = 0;
    while (this.#waiters.length > 0) {
      waitMs = Math.max(0, this.#pausedUntil - now) || this.#guesses.waitMs(now);
      if (waitMs > 0) break;
      this.#waiters.next()?.admit(this.#turn());
    }
    this.#refuseWhoWaitsTooLong(now);
    if (this.#waiters.length === 0) return;
    const longest = Math.min(...this.#waiters.waiters.map(({ since }) => since));
    const turnEnds = longest + (this.#longestTurnMs ?? Infinity) - now;
    const ms = Math.min(waitMs, turnEnds);
    // What is under way will be answered, and looks again then.
    if (ms === Infinity) return;
    this.#timer = setTimeout(() => this.#admit(), Math.max(1, Math.ceil(ms)));
  }

  #refuseWhoWaitsTooLong(now: number): void {
    const pauseMs = Math.max(0, this.#pausedUntil - now);
    const mayWait = ({ since }: Waiter) =>
      this.#longestTurnMs === undefined
        ? pauseMs <= LONGEST_PAUSE_TO_WAIT_MS
        : now - since + pauseMs < this.#longestTurnMs;
    for (const { call, asker, refuse } of this.#waiters.keep(mayWait)) refuse(this.#comeBack(call, asker, now));
  }
}

function notSent(call: string, retryAfterMs: number): DatabricksError {
  return new DatabricksError({
    call,
    status: 429,
    errorCode: 'PAUSED',
    detail:
      'not sent: the workspace lets launches through slowly, and others are before it; ' +
      `its turn comes in about ${Math.ceil(retryAfterMs / 1_000)} s`,
    retryAfterMs,
  });
}

/** The one line of this process for a workspace. */
export const launchRateFor = onePerWorkspace((options: LaunchRateOptions) => new LaunchRate(options));
