import { allGuesses, hintsAgainst, type Guess } from './bucket-guess.ts';
import { weightedQuantile } from './weighted-quantile.ts';

/** After so many seconds without a launch the bucket is taken to be full. */
const REST_SECONDS = 600;
/** How much a token that a bucket would have had, or lacked, tells against it (natural logarithm). */
const TELLS = 10;
const MOST_TOKENS_TOLD = 3;
/** A refusal that a bucket would not have given tells so many tokens at the least. */
const WRONG_REFUSAL = 0.2;
/** The same of a token by which Retry-After is wrong: it may mean something else. */
const HINTS = 4;
/** Buckets change, and others take from them: what was answered long ago counts less with each answer. */
const REMEMBERED = 0.995;
/** A guess that is so much less likely than the best one is left out of account until that changes. */
const NEGLIGIBLE = 1e-5;
/** The refill is known when all but a tenth of what is thought of, at either end, is no further apart than this. */
const SURE = 1.3;

/** Whoever is next goes when so much of what is thought of would let them. */
const LIKELY_ENOUGH = 0.6;
/** Less where the bucket holds hardly more than one token: what comes while one waits is lost there. */
const ENOUGH_IF_SHALLOW = 0.35;
const SHALLOW = 3;
/** Tokens that are left where the bucket holds several; of one that holds one, this share of the time. */
const RESERVE = 0.5;
const LATE = { usually: 0.015, afterManyRefusals: 0.025 };
/** As much as may be refused of what was accepted before the pace turns careful. */
const FEW_REFUSALS = { share: 0.02, ofFirst: 1.5 };
/**
 * Refused a little more often than never, or a bucket that is filled quicker now is not noticed: with the share of all
 * that went since the last refusal, launches go so many tokens too early; where a bucket holds only one, less so, and
 * not before most went since. So refusals become rarer the more has gone.
 */
const CURIOUS = { deep: 1, ofOne: 0.4, ofOneFrom: 0.5, afterManyRefusals: 0.5 };
const LEARNT_STANDS_FOR = 100;
const MOST_EARLY = 0.7;
/** One more may be under way for so many that were accepted: all that are may be refused together. */
const FOR_ONE_UNDER_WAY = { untilRefused: 60, sinceRefused: 3 };
const MOST_UNDER_WAY = 10;

/** What was found out about a workspace's limit on launches. */
export interface LearntLaunches {
  /** Launches a second that go on and on, by the workspace's clock; left out while nothing has told. */
  readonly perSecond?: number;
  /** At least so many go at once after a rest. */
  readonly atOnce: number;
}

interface Refusal {
  readonly at: number;
  readonly retryAfterMs: number | undefined;
}

/**
 * Learns how many nodes a workspace lets one launch (docs/facts/databricks.md section 1 has the kind of the limit, and
 * no page its size) from nothing but what it accepts and refuses. Launches go as quickly as they are answered until one
 * is refused, which tells how deep the bucket is. From then on some thousand buckets, of every refill that may be, are
 * played along; an answer that one of them would not have given tells against it. Pure: time is what it is told, in
 * milliseconds of any clock that does not go back.
 */
export class BucketGuesses {
  readonly #secondMs: number;
  /** None until a launch was refused. */
  #all: readonly Guess[] = [];
  #likely: readonly Guess[] = [];
  #at: number | undefined;
  #underWay = 0;
  #accepted = 0;
  #refused = 0;
  /** What was learnt another day stands for so many that were accepted. */
  #known = 0;
  #acceptedInRow = 0;
  #refusedInRow = 0;
  /** Refusals that came while others were under way. */
  #unheard: Refusal[] = [];
  /** When there would be a token again, by the last refusal's word. */
  #promisedAt: number | undefined;
  #keepsItsWord = true;
  #travelMs = 0;
  #travelVariesMs = 0;
  /** What was accepted since the last rest. */
  #inBurst = { began: 0, accepted: 0 };

  /** @param speed how many times faster than a real one the workspace's clock runs */
  constructor(speed = 1) {
    this.#secondMs = 1_000 / speed;
  }

  /** Begins with what was learnt another day; does nothing once there are answers to go by. */
  begin({ perSecond, atOnce }: LearntLaunches): void {
    if (perSecond === undefined || this.#accepted + this.#refused + this.#underWay > 0) return;
    this.#known = LEARNT_STANDS_FOR;
    const burst = Math.max(1, atOnce);
    this.#all = allGuesses(this.#secondMs, () => ({ burst, tokens: burst }), perSecond);
    this.#weigh();
  }

  /** A launch is on its way; one of the three below follows. */
  sent(): void {
    this.#underWay += 1;
  }

  accepted(sentAt: number, answeredAt: number): void {
    const at = this.#heardAt(sentAt, answeredAt);
    if (this.#all.length === 0) {
      const isRested = at - (this.#at ?? -Infinity) > REST_SECONDS * this.#secondMs;
      this.#inBurst = isRested
        ? { began: at, accepted: 1 }
        : { ...this.#inBurst, accepted: this.#inBurst.accepted + 1 };
    }
    this.#accepted += 1;
    this.#acceptedInRow += 1;
    this.#refusedInRow = 0;
    this.#hear(at, (guess, tokens) => {
      const lacking = Math.max(0, 1 - tokens);
      // It may have kept what was taken to have been lost: then it is deeper than it seemed.
      const kept = Math.min(guess.spilt, lacking);
      guess.burst += kept;
      guess.spilt -= kept;
      guess.tokens = Math.max(0, tokens - 1);
      return lacking;
    });
    this.#answered();
  }

  /** @param retryAfterMs when there would be a token again, rounded up to a second; none was named if left out */
  refused(sentAt: number, answeredAt: number, retryAfterMs?: number): void {
    this.#refused += 1;
    this.#unheard.push({ at: this.#heardAt(sentAt, answeredAt), retryAfterMs });
    this.#answered();
  }

  /** Nobody knows what became of it, or it failed of something else. */
  unknown(): void {
    this.#answered();
  }

  /** How long the next launch is better held back, milliseconds; Infinity: until another one is answered. */
  waitMs(now: number): number {
    if (this.#unheard.length > 0 || this.#underWay >= this.#mostUnderWay) return Infinity;
    return this.#all.length === 0 ? 0 : firstMs(this.#secondMs, (ms) => this.#isTime(now + ms));
  }

  /** How long it takes, at the best that can be hoped for, until so many more have gone; milliseconds. */
  shortestLineMs(now: number, people: number): number {
    const wanted = people + this.#underWay;
    const since = this.#since(now);
    const waits = this.#likely.map(({ perMs, burst, tokens, weight }) => ({
      value: Math.max(0, (wanted - Math.min(burst, tokens + since * perMs)) / perMs),
      weight,
    }));
    return weightedQuantile(waits, 0.1);
  }

  /** What is known by now; undefined before the first launch. */
  get learnt(): LearntLaunches | undefined {
    if (this.#all.length === 0) return this.#accepted === 0 ? undefined : { atOnce: this.#inBurst.accepted };
    const rates = this.#likely.map(({ perMs, weight }) => ({ value: perMs * this.#secondMs, weight }));
    const bursts = this.#likely.map(({ burst, weight }) => ({ value: burst, weight }));
    const isSure = weightedQuantile(rates, 0.9) <= SURE * weightedQuantile(rates, 0.1);
    return {
      ...(isSure ? { perSecond: Number(weightedQuantile(rates, 0.5).toPrecision(3)) } : {}),
      atOnce: Math.max(1, Math.floor(weightedQuantile(bursts, 0.5))),
    };
  }

  get #mostUnderWay(): number {
    if (this.#all.length === 0) return Math.min(MOST_UNDER_WAY, 1 + this.#accepted / FOR_ONE_UNDER_WAY.untilRefused);
    return Math.min(MOST_UNDER_WAY, 1 + this.#acceptedInRow / FOR_ONE_UNDER_WAY.sinceRefused);
  }

  /** Between sending and the answer: half of it is the way there. */
  #heardAt(sentAt: number, answeredAt: number): number {
    const travelMs = Math.max(0, answeredAt - sentAt) / 2;
    const isFirst = this.#at === undefined;
    this.#travelVariesMs += (Math.abs(travelMs - this.#travelMs) - this.#travelVariesMs) * (isFirst ? 0 : 0.2);
    this.#travelMs += (travelMs - this.#travelMs) * (isFirst ? 1 : 0.2);
    return sentAt + travelMs;
  }

  /**
   * A refusal is heard when all have been answered that were under way with it: in which order they came there nobody
   * knows, and of several refused at once only one tells something.
   */
  #answered(): void {
    this.#underWay = Math.max(0, this.#underWay - 1);
    if (this.#underWay > 0 || this.#unheard.length === 0) return;
    const refusal = this.#unheard.reduce((a, b) => (b.at > a.at ? b : a));
    this.#unheard = [];
    this.#hearRefusal(refusal);
    this.#promisedAt = refusal.retryAfterMs === undefined ? undefined : refusal.at + refusal.retryAfterMs;
    this.#refusedInRow += 1;
    this.#acceptedInRow = 0;
  }

  #hearRefusal({ at, retryAfterMs }: Refusal): void {
    if (this.#refusedInRow > 0 && this.#promisedAt !== undefined && at >= this.#promisedAt) {
      this.#keepsItsWord = false;
      for (const guess of this.#all) guess.hinted = 0;
    }
    if (this.#all.length === 0) {
      const { began, accepted } = this.#inBurst;
      const tookMs = accepted === 0 ? 0 : at - began;
      this.#all = allGuesses(this.#secondMs, (perMs, left) => ({
        burst: Math.max(1, accepted + left - tookMs * perMs),
        tokens: left,
      }));
      this.#at = at;
    }
    // Where no guess fits, it must not be asked again and again at once.
    const most = Math.max(0, 1 - 0.05 * 2 ** this.#refusedInRow);
    this.#hear(at, (guess, tokens, unbounded) => {
      guess.tokens = Math.min(tokens, most);
      guess.spilt = 0;
      if (retryAfterMs !== undefined && this.#keepsItsWord)
        guess.hinted -= HINTS * Math.min(MOST_TOKENS_TOLD, hintsAgainst(guess, retryAfterMs));
      return tokens < 1 ? 0 : unbounded - 1 + WRONG_REFUSAL;
    });
  }

  /** @param differs by how many tokens the guess would have answered otherwise; it takes note of the answer as well */
  #hear(at: number, differs: (guess: Guess, tokens: number, unbounded: number) => number): void {
    const since = this.#since(at);
    this.#at = Math.max(at, this.#at ?? at);
    for (const guess of this.#all) {
      const unbounded = guess.tokens + since * guess.perMs;
      const tokens = Math.min(guess.burst, unbounded);
      guess.spilt += unbounded - tokens;
      const against = differs(guess, tokens, unbounded);
      guess.told = guess.told * REMEMBERED - TELLS * Math.min(MOST_TOKENS_TOLD, against);
    }
    this.#weigh();
  }

  #since(now: number): number {
    return Math.max(0, now - (this.#at ?? now));
  }

  #weigh(): void {
    let best = -Infinity;
    for (const { before, told, hinted } of this.#all) best = Math.max(best, before + told + hinted);
    this.#likely = this.#all.filter((guess) => {
      guess.weight = Math.exp(guess.before + guess.told + guess.hinted - best);
      return guess.weight > NEGLIGIBLE;
    });
  }

  /** Whether one that leaves then is likely enough to be accepted when it arrives. */
  #isTime(then: number): boolean {
    const since = this.#since(then) + this.#travelMs;
    const isCareful = this.#refused > FEW_REFUSALS.share * this.#accepted + FEW_REFUSALS.ofFirst;
    const late = isCareful ? LATE.afterManyRefusals : LATE.usually;
    const curious =
      (isCareful ? CURIOUS.afterManyRefusals : 1) * (this.#acceptedInRow / Math.max(1, this.#accepted + this.#known));
    const ofOne = CURIOUS.ofOne * Math.max(0, curious - CURIOUS.ofOneFrom);
    let all = 0;
    let granted = 0;
    let shallow = 0;
    for (const { perMs, burst, tokens, weight } of this.#likely) {
      all += weight;
      if (burst <= SHALLOW) shallow += weight;
      const earned = tokens + since * perMs - this.#underWay;
      const early = Math.max(ofOne, CURIOUS.deep * curious * Math.min(1, (burst - 1) / SHALLOW));
      const wanted = Math.max(
        MOST_EARLY,
        1 + late + this.#travelVariesMs * perMs + Math.min(RESERVE, (burst - 1) / 2) - early,
      );
      if (burst - this.#underWay >= 1 && earned >= wanted) granted += weight;
    }
    return granted / all >= LIKELY_ENOUGH - ((LIKELY_ENOUGH - ENOUGH_IF_SHALLOW) * shallow) / all;
  }
}

const LONGEST_SECONDS = 3_600;
const HALVINGS = 8;

/** The first moment at which it is time, as closely as matters; milliseconds from now. */
function firstMs(secondMs: number, isTime: (ms: number) => boolean): number {
  if (isTime(0)) return 0;
  let late = secondMs / 20;
  while (late < LONGEST_SECONDS * secondMs && !isTime(late)) late *= 2;
  let early = late > secondMs / 20 ? late / 2 : 0;
  for (let n = 0; n < HALVINGS; n += 1) {
    const middle = (early + late) / 2;
    if (isTime(middle)) late = middle;
    else early = middle;
  }
  return late;
}
