import type { EventPart, KnownEvent } from '../domain/replayed/event/event.ts';
import type { Seat } from '../domain/replayed/seat/seat.ts';
import type { WorkshopReader } from '../reader.ts';
import { Refused } from '../temporal/client-errors.ts';
import { everybodyIn } from './everybody-in.ts';

/** In which part of an event somebody is, as the last rosters had it. */
export class WhereIs {
  readonly #reader: Pick<WorkshopReader, 'roster' | 'planInForce'>;
  readonly #event: KnownEvent;
  #byEmail = new Map<string, EventPart>();
  #byKey = new Map<string, EventPart>();
  #sizes = new Map<string, number>();

  constructor(reader: Pick<WorkshopReader, 'roster' | 'planInForce'>, event: KnownEvent) {
    this.#reader = reader;
    this.#event = event;
  }

  /**
   * Everybody's seat, and the parts that did not say.
   * @param silent called for each of these, which throws whatever is no silence
   */
  rosters(silent: (part: EventPart, error: unknown) => void): Promise<Seat[]> {
    return this.#asked((part) => this.#reader.roster(part.id), silent);
  }

  async #asked(
    ask: (part: EventPart) => Promise<readonly Seat[]>,
    silent: (part: EventPart, error: unknown) => void,
  ): Promise<Seat[]> {
    const rosters = await Promise.all(
      this.started.map(async (part) => {
        try {
          return { part, seats: await ask(part) };
        } catch (error) {
          silent(part, error);
          return { part, seats: undefined };
        }
      }),
    );
    const [byEmail, byKey, sizes] = [
      new Map<string, EventPart>(),
      new Map<string, EventPart>(),
      new Map<string, number>(),
    ];
    for (const { part, seats = [] } of rosters) {
      const there = seats.filter(({ takenOut }) => takenOut === undefined);
      sizes.set(part.name, there.length);
      for (const { key } of seats) byKey.set(key, part);
      for (const { email } of there) byEmail.set(email, part);
    }
    [this.#byEmail, this.#byKey, this.#sizes] = [byEmail, byKey, sizes];
    return rosters.flatMap(({ part: { name, workspace, id }, seats = [] }) =>
      seats.map((seat) => ({ ...seat, isIn: { name, workspace, id } })),
    );
  }

  /** @throws {Refused} for a key that no seat has; {NoAnswer} where a part does not say who is in it */
  async ofKey(key: string): Promise<EventPart> {
    if (!this.#byKey.has(key)) await this.#all();
    const part = this.#byKey.get(key);
    if (!part) throw new Refused(`Nobody in "${this.#event.id}" has this seat.`);
    return part;
  }

  /**
   * The parts of these addresses; of who is in none, nothing.
   * @throws {NoAnswer} where a part does not say who is in it
   */
  async ofEmails(emails: readonly string[]): Promise<ReadonlyMap<string, EventPart>> {
    await this.#all();
    return new Map(
      emails.flatMap((email) => {
        const part = this.#byEmail.get(email);
        return part ? [[email, part] as const] : [];
      }),
    );
  }

  /** How many are in each part, by its name, as it was last asked. */
  get sizes(): ReadonlyMap<string, number> {
    return this.#sizes;
  }

  /** Those of its workshops that were started. */
  get started(): readonly EventPart[] {
    return this.#event.parts.filter(({ runId }) => runId !== undefined);
  }

  async #all(): Promise<void> {
    await this.#asked(
      (part) => everybodyIn(this.#reader, part.id),
      (part, error) => {
        throw error instanceof Error ? error : new Error(`${part.id} does not say who is in it`);
      },
    );
  }
}
