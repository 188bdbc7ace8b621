import type { WorkshopClient } from '../../../client.ts';
import { eventReportOf, type EventReport, type PartOutcome } from '../../../domain/event/event-report.ts';
import { eventReportPage } from '../../../domain/event/event-report-page.ts';
import type { EventPart, KnownEvent } from '../../../domain/replayed/event/event.ts';
import { EndedWithoutReport, NoAnswer, Refused, WrongSettings } from '../../../temporal/client-errors.ts';
import { EXIT, WrongInput } from '../../input/exit.ts';
import { withClient } from '../../input/with-client.ts';
import { print, printJson } from '../../terminal/output.ts';

/**
 * Prints the report of an event of several workspaces.
 * @returns false where no event of this id is known, or Temporal cannot be asked: nothing was printed then
 * @throws {WrongInput} while one of its workshops runs
 */
export async function showEventReport(id: string, { json }: { readonly json?: boolean }): Promise<boolean> {
  const report = await withClient(async (client) => {
    const event = await client.event(id);
    return event && reportOfEvent(client, event);
  }).catch((error: unknown) => {
    // The workshops' own files may still be found, and whoever looks there says why Temporal was no help.
    if (error instanceof NoAnswer || error instanceof WrongSettings) return undefined;
    throw error;
  });
  if (report === undefined) return false;
  if (json) printJson(report);
  else print(eventReportPage(report));
  process.exitCode = report.proof.proven ? EXIT.ok : EXIT.notAsWanted;
  return true;
}

/** As the event wrote it; where what binds them is gone, from its workshops. @throws {WrongInput} while one runs */
export async function reportOfEvent(client: WorkshopClient, event: KnownEvent): Promise<EventReport> {
  const written = await client.eventReport(event.id).catch((error: unknown) => {
    if (!(error instanceof EndedWithoutReport || error instanceof Refused)) throw error;
    return undefined;
  });
  if (written) return written;
  const running: string[] = [];
  const outcomes = new Map<string, PartOutcome>();
  for (const part of event.parts) {
    const outcome = await outcomeOf(client, part);
    if (outcome === 'runs') running.push(part.id);
    else outcomes.set(part.id, outcome);
  }
  if (running.length > 0)
    throw new WrongInput(
      `"${event.id}" is not over: ${running.join(', ')} still ${running.length === 1 ? 'runs' : 'run'}. See where it ` +
        `is: bin/workshop status ${event.id}`,
    );
  return eventReportOf(event, outcomes);
}

async function outcomeOf(client: WorkshopClient, { id, runId }: EventPart): Promise<PartOutcome | 'runs'> {
  if (runId === undefined) return { why: 'it was never started' };
  try {
    const report = await client.report(id);
    if (report === undefined) return 'runs';
    return report.workshop.runId === runId ? { report } : { why: 'another run of that id came after it' };
  } catch (error) {
    if (!(error instanceof EndedWithoutReport || error instanceof Refused)) throw error;
    return { why: error.message };
  }
}
