import type { KnownEvent } from '../../../domain/replayed/event/event.ts';
import { eventClient } from '../../../event/event-client.ts';
import { EXIT } from '../../input/exit.ts';
import { withClient } from '../../input/with-client.ts';
import { osUser } from '../../input/who.ts';
import { confirm } from '../../terminal/confirm.ts';
import { followProgress } from '../../terminal/follow-progress.ts';
import { say } from '../../terminal/output.ts';
import { showEventReport } from './show-event-report.ts';

interface Options {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * Lists what would go in each workspace, or removes it. Workshops that run are cancelled all at once and watched as
 * one; what others left is removed workspace by workspace. The exit code is that of the worst.
 * @param ofPart does the same for one workshop, in its workspace
 */
export async function teardownOfEvent(
  event: KnownEvent,
  options: Options,
  ofPart: (part: { readonly id: string; readonly workspace: string }) => Promise<void>,
): Promise<void> {
  const { dryRun, json } = options;
  const running = dryRun ? [] : await cancelled(event, options);
  let worst: number = EXIT.ok;
  for (const { name, id, workspace } of event.parts) {
    if (running.includes(id)) continue;
    say(`${name}  ${workspace}`);
    process.exitCode = EXIT.ok;
    await ofPart({ id, workspace });
    worst = Math.max(worst, process.exitCode);
  }
  process.exitCode = EXIT.ok;
  if (running.length > 0) await showEventReport(event.id, json ? { json } : {});
  process.exitCode = Math.max(worst, process.exitCode);
}

/** Those that ran, once they have removed everything. @throws {WrongInput} without a yes */
async function cancelled(event: KnownEvent, { yes, json }: Options): Promise<readonly string[]> {
  return withClient(async (client) => {
    const running: string[] = [];
    for (const { id } of event.parts) if ((await client.standing(id)) === 'running') running.push(id);
    if (running.length === 0) return running;
    say(`${running.join(', ')}: cancelled, ${running.length === 1 ? 'it removes' : 'each removes'} everything.`);
    await confirm('Cancel and remove everything?', yes);
    const one = eventClient(client, event);
    await one.cancel(event.id, { by: osUser(), reason: 'teardown --execute' });
    const { about } = await one.look(event.id);
    await followProgress(one, event.id, { quiet: json === true, ...(about ? { about } : {}) });
    return running;
  });
}
