import { onePerWorkspace } from './one-per-workspace.ts';
import { whoAsks } from './asker.ts';
import { DatabricksError } from './errors.ts';
import { FairLine, type InLine } from './fair-line.ts';

const DEFAULT_REQUESTS_PER_SECOND = 10;
/** What a 429 without Retry-After means (docs/facts/databricks.md section 1). */
const DEFAULT_PAUSE_MS = 1_000;
const DEFAULT_SLOW_MS = 30_000;
/** However often it is told to slow down: a workshop has to go on. */
const LEAST_FACTOR = 1 / 4;
/** A longer Retry-After is passed on to the caller, but does not hold everyone up that long on one answer's word. */
const LONGEST_PAUSE_MS = 120_000;
/**
 * Longer than this, a caller is better off with an error: an activity that waits past its timeout acts when nobody
 * expects it any more.
 */
const LONGEST_PAUSE_TO_WAIT_MS = 20_000;

export interface RateOptions {
  readonly requestsPerSecond?: number | undefined;
  /** How long a halved rate lasts before it is doubled again. */
  readonly slowForMs?: number | undefined;
}

interface Waiter extends InLine {
  readonly call: string;
  readonly admit: () => void;
  readonly refuse: (error: Error) => void;
}

/**
 * A token bucket that holds one second's worth of requests. A 429 stops everyone until the server's
 * Retry-After has passed, then goes on at half the rate, doubled again after each calm while.
 */
export class RequestRate {
  #perSecond = DEFAULT_REQUESTS_PER_SECOND;
  #slowForMs = DEFAULT_SLOW_MS;
  #factor = 1;
  #tokens: number;
  #countedAt = performance.now();
  #pausedUntil = 0;
  #slowUntil = 0;
  readonly #waiters = new FairLine<Waiter>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RateOptions = {}) {
    this.configure(options);
    this.#tokens = this.#capacity;
  }

  /** Requests a second at this moment. */
  get current(): number {
    this.#count();
    return this.#perSecond * this.#factor;
  }

  /** A later connection to the same workspace may say what it wants; what it leaves out stays. */
  configure(options: RateOptions): void {
    if (options.requestsPerSecond !== undefined && !(options.requestsPerSecond > 0)) {
      throw new RangeError('requestsPerSecond must be more than 0');
    }
    if (options.requestsPerSecond !== undefined) this.#perSecond = options.requestsPerSecond;
    if (options.slowForMs !== undefined) this.#slowForMs = options.slowForMs;
  }

  /**
   * Waits until one more request may go: askers take turns, and each one's own go first come, first served.
   * @throws the signal's reason when aborted.
   * @throws {DatabricksError} 429 PAUSED at once when the pause is longer than a caller should wait.
   */
  async take(call: string, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { asker: whoAsks(), call, admit: resolve, refuse: reject };
    const leave = () => {
      this.#waiters.keep((other) => other !== waiter);
      reject(signal?.reason as Error);
    };
    this.#waiters.join(waiter);
    signal?.addEventListener('abort', leave, { once: true });
    this.#admit();
    try {
      await promise;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  /** To be called for every 429. Several in one pause count as one: they are answers to the same burst. */
  slowDown(retryAfterMs: number = DEFAULT_PAUSE_MS): void {
    this.#count();
    const now = performance.now();
    if (now >= this.#pausedUntil) this.#factor = Math.max(this.#factor / 2, LEAST_FACTOR);
    this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.min(retryAfterMs, LONGEST_PAUSE_MS));
    this.#slowUntil = this.#pausedUntil + this.#slowForMs;
    this.#tokens = Math.min(this.#tokens, 1);
    this.#admit();
  }

  get #capacity(): number {
    return Math.max(1, this.#perSecond * this.#factor);
  }

  #count(): void {
    const now = performance.now();
    while (this.#factor < 1 && now >= this.#slowUntil) {
      this.#factor = Math.min(1, this.#factor * 2);
      this.#slowUntil += this.#slowForMs;
    }
    const earning = Math.max(0, now - Math.max(this.#countedAt, this.#pausedUntil));
    this.#tokens = Math.min(this.#capacity, this.#tokens + (earning / 1_000) * this.#perSecond * this.#factor);
    this.#countedAt = now;
  }

  #admit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#count();
    const now = performance.now();
    const pause = Math.max(0, this.#pausedUntil - now);
    if (pause === 0) {
      while (this.#tokens >= 1) {
        const waiter = this.#waiters.next();
        if (waiter === undefined) break;
        this.#tokens -= 1;
        waiter.admit();
      }
    }
    const refused = pause <= LONGEST_PAUSE_TO_WAIT_MS ? [] : this.#waiters.keep(() => false);
    for (const { call, refuse } of refused) refuse(notSent(call, pause));
    if (this.#waiters.length === 0) return;
    const earning = this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / (this.#perSecond * this.#factor)) * 1_000;
    this.#timer = setTimeout(() => this.#admit(), Math.max(1, Math.ceil(pause + earning)));
  }
}

function notSent(call: string, pauseMs: number): DatabricksError {
  const retryAfterMs = Math.max(DEFAULT_PAUSE_MS, Math.ceil(pauseMs));
  return new DatabricksError({
    call,
    status: 429,
    errorCode: 'PAUSED',
    detail: `not sent: the workspace asked this process to wait another ${Math.ceil(retryAfterMs / 1_000)} s`,
    retryAfterMs,
  });
}

/** The one rate of this process for a workspace. */
export const rateFor = onePerWorkspace((options: RateOptions) => new RequestRate(options));
