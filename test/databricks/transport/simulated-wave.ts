import { BucketGuesses, type LearntLaunches } from '../../../src/databricks/transport/bucket-guesses.ts';
import { seededChance } from '../../../src/domain/verdict/chance.ts';

export interface WaveSetting {
  readonly burst: number;
  readonly perSecond: number;
  readonly people: number;
  readonly seed?: number;
  /** How the bucket names the wait: as the sandbox does, not at all, or always with the same seconds. */
  readonly retryAfter?: 'honest' | 'none' | number;
  /** Seconds from sending to the answer, on average. */
  readonly answerTakes?: number;
  readonly workers?: number;
  /** Launches a second that somebody else makes. */
  readonly others?: number;
  /** The bucket is refilled otherwise once so many have been accepted. */
  readonly changes?: { readonly afterPeople: number; readonly perSecond: number };
  readonly begin?: LearntLaunches;
  readonly speed?: number;
}

export interface SimulatedWave {
  readonly refusedEach: number;
  readonly seconds: number;
  /** What a launcher who knew the bucket would need. */
  readonly bestSeconds: number;
  readonly learnt: readonly (LearntLaunches | undefined)[];
}

interface Event {
  readonly at: number;
  readonly happens: () => void;
}

/** A wave of launches against a token bucket, without a clock: the same seed gives the same wave. */
export function simulatedWave(setting: WaveSetting): SimulatedWave {
  const { burst, people, seed = 1, retryAfter = 'honest', answerTakes = 0.02, workers = 1, others = 0 } = setting;
  const speed = setting.speed ?? 1;
  const chance = seededChance(seed);
  const bucket = { tokens: burst, at: 0, perMs: (setting.perSecond * speed) / 1_000 };
  let now = 0;
  let wanted = people;
  const count = { accepted: 0, refused: 0 };
  let events: Event[] = [];
  const later = (ms: number, happens: () => void) => events.push({ at: now + ms, happens });
  const take = (): boolean => {
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) * bucket.perMs);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
  const somebodyElse = () => {
    take();
    later((-Math.log(chance()) / others / speed) * 1_000, somebodyElse);
  };
  if (others > 0) somebodyElse();

  const looks: (() => void)[] = [];
  const all = Array.from({ length: workers }, () => ({ guesses: new BucketGuesses(speed), pausedUntil: 0, asked: 0 }));
  for (const worker of all) {
    if (setting.begin) worker.guesses.begin(setting.begin);
    const look = () => {
      worker.asked += 1;
      const asked = worker.asked;
      const from = Math.max(now, worker.pausedUntil);
      const waitMs = wanted > 0 ? worker.guesses.waitMs(from) : Infinity;
      if (waitMs === Infinity) return;
      later(from + waitMs - now, () => {
        if (asked === worker.asked && wanted > 0) send();
      });
    };
    const send = () => {
      const sentAt = now;
      const half = answerTakes * 500 * (0.5 + chance());
      wanted -= 1;
      worker.guesses.sent();
      later(half, () => {
        const isAccepted = take();
        const waitMs = (1 - bucket.tokens) / bucket.perMs;
        later(half, () => {
          if (isAccepted) {
            count.accepted += 1;
            worker.guesses.accepted(sentAt, now);
            const { changes } = setting;
            if (changes && count.accepted === changes.afterPeople) bucket.perMs = changes.perSecond / 1_000;
          } else {
            count.refused += 1;
            wanted += 1;
            const seconds = retryAfter === 'honest' ? Math.max(1, Math.ceil(waitMs / 1_000)) : retryAfter;
            worker.guesses.refused(sentAt, now, seconds === 'none' ? undefined : seconds * 1_000);
            if (seconds !== 'none') worker.pausedUntil = Math.max(worker.pausedUntil, now + (seconds - 1) * 1_000);
          }
          for (const again of looks) again();
        });
      });
      look();
    };
    later(0, look);
    looks.push(look);
  }
  while (count.accepted < people) {
    const next = events.reduce((a, b) => (b.at < a.at ? b : a));
    events = events.filter((event) => event !== next);
    now = Math.max(now, next.at);
    next.happens();
  }
  return {
    refusedEach: count.refused / people,
    seconds: (now / 1_000) * speed,
    bestSeconds: Math.max(0, people - burst) / setting.perSecond,
    learnt: all.map(({ guesses }) => guesses.learnt),
  };
}
