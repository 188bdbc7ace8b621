import { perform } from '../http/perform.ts';
import type { Asked } from '../http/perform.ts';
import type { Router } from '../http/router.ts';
import type { Clock } from '../time/clock.ts';
import type { Workspace } from '../workspace.ts';
import type { Bodies } from './bodies.ts';
import { applyAct } from './control-acts.ts';
import type { Entry, RequestEntry } from './entries.ts';
import type { Past } from './journal-file.ts';
import { StateRefused } from './state-refused.ts';

interface World {
  readonly workspace: Workspace;
  readonly clock: Clock;
  readonly router: Router;
  readonly bodies: Bodies;
}

/**
 * Carries a journal out again in a workspace that has just begun, each entry at its moment and with its seed, so that ids and tokens
 * come out the same. Nothing real happens meanwhile. Afterwards time goes on: what fell due since the last entry happens at its exact moment when somebody
 * next looks. Answers what of it did not come out as it did then, in sentences.
 * @throws {StateRefused} when an entry cannot belong to this workspace.
 */
export function replay(world: World, { header, entries }: Past): string[] {
  const { workspace, clock } = world;
  const remarks: string[] = [];
  let latest = header.start;
  for (const entry of entries)
    if ('seen' in entry) workspace.outcomes.recall({ key: entry.seen.key, value: entry.seen.value });
  workspace.isReplaying = true;
  try {
    for (const entry of entries) {
      latest = Math.max(latest, entry.at);
      clock.holdAt(latest);
      workspace.schedule.advance(entry.at);
      if ('seen' in entry) continue;
      if ('outcome' in entry) {
        fitting(entry, () => workspace.outcomes.apply({ ...entry.outcome, data: entry.outcome.data }, entry.at));
        continue;
      }
      workspace.chance.reseed(Buffer.from(entry.seed, 'base64'));
      if ('act' in entry) fitting(entry, () => applyAct(workspace, clock, entry.act, entry.at));
      else {
        const difference = requestAgain(world, entry);
        if (difference !== undefined)
          remarks.push(
            `Line ${entry.n + 1} of the journal, ${entry.method} ${entry.url.split('?')[0] ?? ''}, was answered ${entry.status} then and could not be carried out again: ${difference}`,
          );
      }
    }
  } finally {
    workspace.isReplaying = false;
  }
  clock.release(latest);
  return remarks;
}

/** @throws {StateRefused} when what came from outside then does not fit what is there now: unlike a request, nobody could have been refused it. */
function fitting({ n }: Entry, again: () => unknown): void {
  try {
    again();
  } catch {
    throw new StateRefused(
      `The kept state does not fit together: line ${n + 1} of the journal cannot be carried out again. Use the version of the sandbox that wrote it, put the file back from a copy, or start with another folder.`,
    );
  }
}

/** What was different this time, or undefined. */
function requestAgain({ workspace, router, bodies }: World, entry: RequestEntry): string | undefined {
  const [rawPath = '', search = ''] = entry.url.split(/\?(.*)/s);
  const match = router.match(entry.method, rawPath);
  if (match.found !== 'route') return 'this version of the sandbox has no such route.';
  const caller = entry.caller === undefined ? undefined : workspace.principals.byId(entry.caller);
  if (entry.caller !== undefined && !caller)
    throw new StateRefused(
      `The kept state does not fit together: line ${entry.n + 1} of the journal names a caller, ${entry.caller}, who is not there. Use the version of the sandbox that wrote it, or start with another folder.`,
    );
  try {
    const { route, params } = match;
    const asked: Asked = {
      method: entry.method,
      rawPath,
      query: new URLSearchParams(search),
      url: entry.url,
      headers: entry.headers,
      bytes: bodies.load(entry),
      route,
      params,
      caller,
    };
    const reply = perform(workspace, asked, entry.at);
    if (reply instanceof Promise) throw new Error(`${route.method} ${route.path} does not answer at once`);
    if (reply.status !== undefined && reply.status >= 400) return `it was answered ${reply.status}.`;
    workspace.ledger.lookAfter(asked, entry.at);
    return undefined;
  } catch (error) {
    if (error instanceof StateRefused) throw error;
    return error instanceof Error ? error.message : 'it failed.';
  }
}
