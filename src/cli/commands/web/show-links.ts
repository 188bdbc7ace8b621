import { signedLink, type Holder, type LinkScope } from '../../../domain/links/signed-link.ts';
import { timesSeated } from '../../../domain/links/times-seated.ts';
import { takesPart, type Seat } from '../../../domain/replayed/seat/seat.ts';
import type { WorkshopReader } from '../../../reader.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { lookingAt } from '../../which/which-workshop.ts';
import { linkKey } from './link-key.ts';
import { WEB_PORT } from './web-port.ts';

export interface LinksOptions {
  readonly attendees?: boolean;
  readonly url?: string;
  readonly json?: boolean;
}

/** Prints links. @throws {WrongInput} without a key */
export async function showLinks(given: string | undefined, { attendees, url, json }: LinksOptions): Promise<void> {
  const key = linkKey(process.env);
  await lookingAt(given, async (reader, id) => {
    const { plan, runId } = await reader.planInForce(id);
    const base = (url ?? plan.web?.url ?? `http://127.0.0.1:${WEB_PORT}`).replace(/\/+$/, '');
    const scope: LinkScope = { id, runId, generation: plan.web?.generation ?? 1 };
    const link = (holder: Holder, more: Partial<LinkScope> = {}) =>
      `${base}/${more.id ?? id}/${signedLink(key, holder, { ...scope, ...more })}`;
    const { leadFacilitator, helpers = [] } = plan.contacts;
    const links = attendees
      ? (await ownersOf(reader, id, scope)).map(({ seat, of }) => ({
          for: seat.email,
          link: link({ role: 'attendee', seat: seat.key }, { ...of, seatGeneration: timesSeated(seat) }),
        }))
      : [
          { for: `${leadFacilitator.name}, facilitator`, link: link({ role: 'facilitator' }) },
          ...helpers.map(({ name }, nth) => ({ for: `${name}, helper`, link: link({ role: 'helper', nth }) })),
          { for: 'any other helper', link: link({ role: 'helper' }) },
        ];
    if (json) return printJson({ workshop: id, links });
    print(links.map((one) => `${one.for}\n  ${one.link}`).join('\n'));
    say('Whoever has a link may do what it allows: send each to whom it is for, and to nobody else.');
  });
}

/** Everybody's seat, and the workshop whose page is theirs: of an event each person's own. */
async function ownersOf(
  reader: WorkshopReader,
  id: string,
  scope: LinkScope,
): Promise<readonly { readonly seat: Seat; readonly of: Partial<LinkScope> }[]> {
  const seats = (await reader.roster(id)).filter(takesPart);
  const scopes = new Map<string, Partial<LinkScope>>();
  for (const part of new Set(seats.flatMap(({ isIn }) => isIn?.id ?? []))) {
    const { runId } = await reader.planInForce(part);
    scopes.set(part, { id: part, runId, generation: scope.generation });
  }
  return seats.map((seat) => ({ seat, of: scopes.get(seat.isIn?.id ?? '') ?? {} }));
}
