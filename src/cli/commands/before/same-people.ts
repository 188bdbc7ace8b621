import { connect } from 'node:net';
import { takesPart } from '../../../domain/replayed/seat/seat.ts';
import type { Timeline } from '../../../domain/replayed/time/timeline.ts';
import type { WorkshopReader } from '../../../reader.ts';
import { moment } from '../../../domain/clock/clock.ts';
import { temporalOptions } from '../../../temporal/connection-options.ts';
import { withReader } from '../../input/with-client.ts';
import { eventIn } from '../../which/event-in.ts';

const SHOWN = 5;
const LISTENS_WITHIN_MS = 500;

interface Planned {
  readonly id: string;
  readonly people: readonly string[];
  readonly timeline: Pick<Timeline, 'start' | 'end'>;
  readonly timeZone: string;
  /** Of several workspaces: its other workshops have other people, and are not asked. */
  readonly event?: string | undefined;
}

/**
 * A warning for each other workshop that runs on this Temporal server and has some of the same people at the same time.
 * One that nobody answers for tells nothing.
 */
export async function samePeopleElsewhere(
  reader: Pick<WorkshopReader, 'workshops' | 'planInForce' | 'roster'>,
  planned: Planned,
): Promise<string[]> {
  const { id, people, timeline, event } = planned;
  if (people.length === 0) return [];
  const others = (await reader.workshops()).filter((one) => one.state === 'running' && one.id !== id);
  const warnings = others.map(async (other) => {
    try {
      if (event !== undefined && (await eventIn(other)) === event) return [];
      const { timeline: theirs, plan, cohorts } = await reader.planInForce(other.id);
      if (theirs.start >= timeline.end || timeline.start >= theirs.end) return [];
      const there = new Set((await reader.roster(other.id, cohorts)).filter(takesPart).map(({ email }) => email));
      const both = people.filter((email) => there.has(email));
      return both.length === 0
        ? []
        : [words({ id: other.id, timeline: theirs, timeZone: plan.timeZone }, planned, both)];
    } catch {
      return [];
    }
  });
  return (await Promise.all(warnings)).flat();
}

type Hours = Pick<Planned, 'id' | 'timeline' | 'timeZone'>;

const hours = ({ timeline: { start, end }, timeZone }: Hours): string =>
  `${moment(start, timeZone)} to ${moment(end, timeZone)}`;

function words(theirs: Hours, ours: Hours, both: readonly string[]): string {
  const more = both.length - SHOWN;
  return (
    `At the same time in the workshop "${theirs.id}" too: ${both.slice(0, SHOWN).join(', ')}` +
    `${more > 0 ? ` and ${more} more` : ''}. "${theirs.id}" is ${hours(theirs)}, and "${ours.id}" ${hours(ours)}. ` +
    'Move one of the two, or take them off one roster.'
  );
}

/** The same where a Temporal server may run or not: without one there is nothing to be said, at once. */
export async function samePeopleIfAsked(planned: Planned): Promise<string[]> {
  try {
    if (!(await isListening(temporalOptions(process.env).connection.address))) return [];
    return await withReader((reader) => samePeopleElsewhere(reader, planned));
  } catch {
    return [];
  }
}

function isListening(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`tcp://${address}`);
  return new Promise((settle) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) });
    const end = (is: boolean) => {
      socket.destroy();
      settle(is);
    };
    socket.setTimeout(LISTENS_WITHIN_MS, () => end(false));
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}
