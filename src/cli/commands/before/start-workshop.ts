import type { WorkshopClient } from '../../../client.ts';
import type { Kept } from '../../../domain/replayed/checklist/adopted-state.ts';
import { fitAtStart } from '../../../domain/replayed/checklist/lifecycle-state.ts';
import { WrongInput } from '../../input/exit.ts';
import { partIn, plansFrom } from '../../input/input-files.ts';
import { previewOf } from '../../input/plan-preview.ts';
import { withClient } from '../../input/with-client.ts';
import { withWorkspace } from '../../input/with-workspace.ts';
import { confirm } from '../../terminal/confirm.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import {
  noWorkerYet,
  preparedStart,
  refuseIfOver,
  sentOnlyTo,
  tooManyDetails,
  type StartOptions,
} from './prepared-start.ts';

/**
 * Says what will happen, asks, and starts the lifecycle.
 * @throws {WrongInput} when it cannot be; nothing was started then.
 */
export async function startWorkshop(file: string, options: StartOptions): Promise<void> {
  const { path, part } = partIn(file);
  const read = await plansFrom(part === undefined ? file : path);
  if ('event' in read) {
    const { startEvent } = await import('../several/start-event.ts');
    return startEvent(path, read, { ...options, part });
  }
  const given = sentOnlyTo(read, options.only, file);
  const now = Date.now();
  if (!options.adopt) refuseIfOver(file, previewOf(given, now), now);
  if (options.speed > 1 && given.plan.workspace.startsWith('https:'))
    throw new WrongInput('--speed is for a sandbox on this computer: a real workspace lives as fast as the calendar.');

  await withWorkspace(given.plan.workspace, (signedIn) =>
    withClient(async (client) => {
      await refuseIfRunning(client, given.plan.id);
      const { plan, people, lines, begin } = await preparedStart({
        given,
        file,
        signedIn,
        client,
        options,
        now,
      });
      const { details } = given;
      const { workspace, me } = signedIn;
      for (const line of lines) say(line);
      await confirm('Start it?', options.yes);
      const { runId, kept, timeline, worked } = await begin();
      if (options.json)
        printJson({
          workshop: { id: plan.id, runId },
          workspace: { host: workspace.host, id: me.workspaceId, user: me.userName },
          attendees: people.length,
          ...(kept ? { kept } : {}),
          timeline,
          worker: worked,
        });
      else print(`Started "${plan.id}", run ${runId}. See how it goes: bin/workshop status ${plan.id} --watch`);
      if (kept && !options.json) print(keptWords(kept));
      if (Object.keys(details).length > 0 && !fitAtStart(people, details)) say(tooManyDetails(plan));
      if (!worked) say(noWorkerYet());
    }),
  );
}

/** What stays as it was of a run that is taken over. */
function keptWords({ people, addedLate, removed, answers }: Kept): string {
  const late = addedLate > 0 ? `, ${addedLate} of them added since the roster was written` : '';
  const out = removed > 0 ? ` ${removed} on the roster were removed from the workshop, and stay so.` : '';
  return `It goes on with ${people} people${late}.${out} ${answers} answers of people stay given.`;
}

async function refuseIfRunning(client: WorkshopClient, id: string): Promise<void> {
  if ((await client.standing(id)) === 'running') {
    throw new WrongInput(
      `A workshop "${id}" is running already on ${client.address}. See it with: bin/workshop ` +
        `status ${id}. Or choose another id in the plan. Nothing was started.`,
    );
  }
}
