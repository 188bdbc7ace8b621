import type { Client } from '@temporalio/client';
import { hasLinkOf, sealedIn, unsealedPage } from '../domain/links/page-in-letter.ts';
import { signedLink } from '../domain/links/signed-link.ts';
import { timesSeated } from '../domain/links/times-seated.ts';
import type { Plan } from '../domain/plan/plan.ts';
import type { PlanInForce } from '../domain/replayed/checklist/plan-in-force.ts';
import { cohortAddress, workshopAddress } from '../domain/replayed/made/addresses.ts';
import { MESSAGES } from '../domain/replayed/made/temporal-names.ts';
import { seatKey } from '../domain/replayed/seat/seat-key.ts';
import { takesPart, type Seat } from '../domain/replayed/seat/seat.ts';
import type { Sender } from './notifier.ts';

/** Many letters leave at once: what is so old may still be counted on. */
const KNOWN_FOR_MS = 15_000;

interface Known {
  readonly at: number;
  readonly plan: PlanInForce['plan'];
  /** Key of a seat → how often it was given. */
  readonly times: ReadonlyMap<string, number>;
}

/**
 * The links to people's own pages. A letter waits with an address that opens nothing, and is sealed when it leaves this
 * worker: no history, no input and no result ever holds a link that works.
 */
export class PageLinks {
  readonly #temporal: Client;
  readonly #key: Uint8Array;
  readonly #known = new Map<string, Promise<Known>>();

  constructor(temporal: Client, key: Uint8Array) {
    this.#temporal = temporal;
    this.#key = key;
  }

  /** What stands for somebody's page in a text; undefined where the plan says of none where it is. */
  unsealed({ runId }: Pick<Sender, 'runId'>, { id, web }: Pick<Plan, 'id' | 'web'>, email: string): string | undefined {
    return web?.url === undefined ? undefined : unsealedPage(web.url, id, seatKey(runId, email));
  }

  /**
   * The text as it may leave: what is in it of the link of whom it is for opens their page as the plan has it now.
   * @throws {Error} where the workshop cannot be asked
   */
  async sealed(run: Pick<Sender, 'workshopId' | 'runId'>, email: string, text: string): Promise<string> {
    const seat = seatKey(run.runId, email);
    if (!hasLinkOf(text, seat)) return text;
    const known = await this.#ofSeat(run.workshopId, seat);
    const { web } = known.plan;
    if (web?.url === undefined) return text;
    const scope = { id: run.workshopId, runId: run.runId, generation: web.generation };
    // One whose cohort is silent just now has, but for a few, the first.
    const seatGeneration = known.times.get(seat) ?? 1;
    const link = signedLink(this.#key, { role: 'attendee', seat }, { ...scope, seatGeneration });
    return sealedIn(text, web.url, run.workshopId, link);
  }

  /** Whoever asks meanwhile shares an answer; somebody who is new is not in one of a moment ago. */
  async #ofSeat(id: string, seat: string): Promise<Known> {
    const asked = this.#known.get(id);
    const before = await asked?.catch(() => undefined);
    if (before?.times.has(seat) && Date.now() - before.at < KNOWN_FOR_MS) return before;
    const others = this.#known.get(id);
    const answer = others === undefined || others === asked ? this.#ask(id) : others;
    this.#known.set(id, answer);
    return answer;
  }

  async #ask(id: string): Promise<Known> {
    const at = Date.now();
    const { workflow } = this.#temporal;
    const { plan, cohorts } = await workflow.getHandle(workshopAddress(id)).query<PlanInForce>(MESSAGES.planInForce);
    const rosters = await Promise.allSettled(
      Array.from({ length: cohorts }, (_, n) =>
        workflow.getHandle(cohortAddress(id, n)).query<readonly Seat[]>(MESSAGES.roster),
      ),
    );
    const seats = rosters.flatMap((roster) => (roster.status === 'fulfilled' ? roster.value : []));
    return { at, plan, times: new Map(seats.filter(takesPart).map((seat) => [seat.key, timesSeated(seat)])) };
  }
}
