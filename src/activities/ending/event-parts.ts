import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { eventReportOf, type EventReport, type PartOutcome } from '../../domain/event/event-report.ts';
import { eventReportPage } from '../../domain/event/event-report-page.ts';
import type { Report } from '../../domain/papers/report.ts';
import type { EventPart, KnownEvent, PartStanding } from '../../domain/replayed/event/event.ts';
import { workshopAddress } from '../../domain/replayed/made/addresses.ts';
import { privateFolder, writePrivately } from '../../private-file.ts';
import type { ActivityDeps } from '../deps.ts';
import { workflowStatus } from '../workflow-status.ts';

/** What an event asks of its workshops. It works on Temporal alone, whichever workspace they are in. */
export const eventActivities = ({ temporal, folder }: Pick<ActivityDeps, 'temporal' | 'folder'>) => ({
  /** How each stands, as the server itself knows it. */
  async lookAtParts({ parts }: { readonly parts: readonly EventPart[] }): Promise<PartStanding[]> {
    return Promise.all(
      parts.map(async ({ id, runId }) => {
        const known = runId === undefined ? undefined : await workflowStatus(temporal, workshopAddress(id));
        const standing = known === undefined ? 'absent' : known.status === 'running' ? 'running' : 'ended';
        return { id, standing };
      }),
    );
  },

  /** Puts the reports of all workshops together, and writes them beside theirs. Idempotent. */
  async writeEventReport({ event }: { readonly event: KnownEvent }): Promise<{ report: EventReport; where: string }> {
    const report = await eventReportFrom(temporal, event);
    const home = join(folder, event.id);
    await privateFolder(home);
    await writePrivately(join(home, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    await writePrivately(join(home, 'report.txt'), eventReportPage(report));
    return { report, where: home };
  },
});

/** The reports of all its workshops, put together. */
export async function eventReportFrom(temporal: Client, event: KnownEvent): Promise<EventReport> {
  const outcomes = await Promise.all(
    event.parts.map(async (part) => [part.id, await outcomeOf(temporal, part)] as const),
  );
  return eventReportOf(event, new Map(outcomes));
}

/** What a workshop left; a run of the same id from before is another one. */
async function outcomeOf(temporal: Client, { id, runId }: EventPart): Promise<PartOutcome> {
  if (runId === undefined) return { why: 'it was never started' };
  const known = await workflowStatus(temporal, workshopAddress(id));
  if (known === undefined) return { why: 'Temporal has forgotten it' };
  if (known.status === 'running') return { why: 'it still runs' };
  if (known.status === 'ended') return { why: 'its lifecycle was ended from outside' };
  const report = (await temporal.workflow.getHandle(workshopAddress(id)).result()) as Report;
  return report.workshop.runId === runId ? { report } : { why: 'another run of that id came after it' };
}
