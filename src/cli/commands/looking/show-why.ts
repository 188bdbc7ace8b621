import { WrongSettings } from '../../../temporal/client-errors.ts';
import { sshAlias } from '../../../domain/papers/letters.ts';
import type { About, SeatHistory, WorkshopReader } from '../../../reader.ts';
import type { Seat } from '../../../domain/replayed/seat/seat.ts';
import { nextOfSeat } from '../../../domain/verdict/next-of-seat.ts';
import type { ClusterEvidence } from '../../../domain/verdict/cluster-evidence.ts';
import { whyPage, type Why } from '../../pages/why-page.ts';
import { columnsOf } from '../../pages/wrapped.ts';
import { print, printJson } from '../../terminal/output.ts';
import { styleFor } from '../../terminal/style.ts';
import { whichPerson } from '../../which/which-person.ts';
import { lookingAt } from '../../which/which-workshop.ts';

export interface WhyOptions {
  readonly json?: boolean;
}

/** Prints all that is known of one person's seat. */
export async function showWhy(given: string | undefined, typed: string, { json }: WhyOptions): Promise<void> {
  await lookingAt(given, async (reader, id) => {
    const { about, state } = await reader.look(id);
    // One after the other: a lifecycle that is busy takes no second question at once.
    const { checklist, status } = await reader.progress(id);
    const seat = whichPerson(await reader.roster(id), typed, id);
    const [history, evidence] = await Promise.all([historyOf(reader, id, seat), evidenceOf(about, seat)]);
    const messages = (await reader.messages(id)).filter(({ to }) => to === seat.email);
    const now = Date.now();
    const launchLimitMs = 'silence' in history ? undefined : history.launchLimitMs;
    const next = nextOfSeat(seat, { checklist, timeline: about?.timeline ?? {}, now, launchLimitMs });
    const timeZone = about?.timeZone ?? 'UTC';
    const isGone = state !== 'running' && status !== 'finished';
    const why: Why = { id: seat.isIn?.id ?? id, seat, timeZone, now, next, history, evidence, messages, isGone };
    if (json)
      return printJson({
        workshop: id,
        alias: sshAlias({ id: seat.isIn?.id ?? id }),
        timeZone,
        seat,
        next,
        history,
        evidence,
      });
    print(whyPage(why, styleFor(process.stdout), columnsOf(process.stdout)).join('\n'));
  });
}

const historyOf = (reader: WorkshopReader, id: string, { key }: Seat): Promise<SeatHistory | { silence: string }> =>
  reader.seatHistory(id, key).catch((error: unknown) => {
    if (error instanceof WrongSettings) return { silence: error.message };
    throw error;
  });

async function evidenceOf(about: About | undefined, { cluster, isIn }: Seat): Promise<ClusterEvidence> {
  if (!cluster || !about) return { events: [], missing: [] };
  const { evidenceFor } = await import('./cluster-evidence.ts');
  return evidenceFor(process.env)(isIn?.workspace ?? about.workspace, cluster.id);
}
