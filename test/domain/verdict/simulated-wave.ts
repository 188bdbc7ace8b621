import { seededChance } from '../../../src/domain/verdict/chance.ts';
import type { Seat } from '../../../src/domain/replayed/seat/seat.ts';
import { newSeat } from '../../../src/domain/replayed/seat/seat.ts';
import { MINUTE } from '../../../src/domain/replayed/time/units.ts';
import { NOW } from '../replayed/seat/sample-seats.ts';

export interface WaveRules {
  readonly people: number;
  /** The workspace launches so many at once, then so many a second; whoever is refused waits for their turn. */
  readonly burst: number;
  readonly perSecond: number;
  readonly bootMs: number;
  readonly failing: number;
  readonly seed: number;
  /** Clusters were made and stopped the week before; else they are made now. */
  readonly preProvision: boolean;
}

interface Launch {
  readonly heardAt: number;
  readonly endsAt: number;
  readonly fails: boolean;
}

const DIAGNOSIS = { class: 'spark', cause: 'The driver died.', toDo: 'Look at its log.', remedy: 'again' } as const;

/** A wave of launches as it really went, and everybody's seat at any moment of it. */
export class SimulatedWave {
  readonly beganAt = NOW;
  readonly endedAt: number;
  readonly #rules: WaveRules;
  readonly #launches: Launch[][];
  readonly #bootsBefore: number[];

  constructor(rules: WaveRules) {
    this.#rules = rules;
    const chance = seededChance(rules.seed);
    const boot = () => rules.bootMs * (0.75 + 0.2 * (chance() + chance()) + (chance() < 0.05 ? 0.2 * chance() : 0));
    this.#bootsBefore = Array.from({ length: rules.people }, () => boot() * 1.1);
    this.#launches = Array.from({ length: rules.people }, () => []);
    const wanted = Array.from({ length: rules.people }, (_, person) => ({ person, at: NOW }));
    let heard = 0;
    for (;;) {
      const next = wanted.toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      wanted.splice(wanted.indexOf(next), 1);
      const token = NOW + Math.max(0, (heard + 1 - rules.burst) / rules.perSecond) * 1_000;
      heard += 1;
      const heardAt = Math.max(next.at, token);
      const fails = chance() < rules.failing;
      const endsAt = heardAt + boot() * (fails ? 0.3 + 0.7 * chance() : 1);
      this.#launches[next.person]?.push({ heardAt, endsAt, fails });
      if (fails) wanted.push({ person: next.person, at: endsAt + 4_000 });
    }
    this.endedAt = Math.max(...this.#launches.map((launches) => launches.at(-1)?.endsAt ?? 0));
  }

  seatsAt(now: number): Seat[] {
    return this.#launches.map((launches, person) => this.#seatAt(person, launches, now));
  }

  #seatAt(person: number, launches: readonly Launch[], now: number): Seat {
    const { preProvision } = this.#rules;
    const failed = launches.filter(({ endsAt, fails }) => fails && endsAt <= now);
    const launch = launches[failed.length];
    const isUp = launch !== undefined && launch.endsAt <= now;
    const isHeard = launch !== undefined && launch.heardAt <= now;
    // A start is noted when it is asked for, a create when it was heard.
    const askedAt = failed.length > 0 ? (failed.at(-1)?.endsAt ?? NOW) + 4_000 : NOW;
    const launchedAt = preProvision ? askedAt : (launch?.heardAt ?? NOW);
    const isAsked = now >= askedAt;
    const week = { launchedAt: NOW - 7 * 24 * 60 * MINUTE, bootMs: this.#bootsBefore[person] ?? 0 };
    const cluster = {
      id: `c${person}`,
      name: `c${person}`,
      shared: true,
      verified: preProvision || isUp,
      option: 0,
    };
    const lost = failed.length > 0 ? { lost: { launches: failed.length, last: DIAGNOSIS } } : {};
    const seat: Seat = { ...newSeat(`k${person}`, `p${person}@example.com`, 'attendee', 1), target: 'ready', ...lost };
    if (isUp)
      return {
        ...seat,
        state: 'ready',
        readyAt: launch.endsAt,
        cluster: { ...cluster, state: 'RUNNING', launchedAt, bootMs: launch.endsAt - launchedAt },
      };
    const last = failed.at(-1);
    const failures = last
      ? {
          failures: failed.length,
          failedLaunches: { inARow: failed.length, class: 'spark', cause: '', at: last.endsAt, onEveryMachine: true },
        }
      : {};
    if (last && !isAsked)
      return {
        ...seat,
        ...failures,
        state: 'failed',
        diagnosis: DIAGNOSIS,
        retryAt: askedAt,
        cluster: { ...cluster, state: 'TERMINATED', ...week },
      };
    if (isHeard) {
      const known = preProvision ? { ...week, launchedAt } : { launchedAt };
      return { ...seat, ...failures, state: 'starting', cluster: { ...cluster, state: 'PENDING', ...known } };
    }
    return preProvision
      ? { ...seat, ...failures, state: 'starting', cluster: { ...cluster, state: 'TERMINATED', ...week } }
      : { ...seat, ...failures, state: 'creating' };
  }
}
