import { condition } from '@temporalio/workflow';
import type { Capability } from '../../activities/setup/capability.ts';
import type { HandOffId } from '../../domain/replayed/checklist/added-lines.ts';
import { ignoreUnlessCancelled } from '../shared/ignore-unless-cancelled.ts';
import type { Lifecycle } from './lifecycle.ts';

/**
 * What the worker may not do becomes a line for an admin, with the exact commands; it passes once it reads back as
 * done.
 */
export async function readRights(w: Lifecycle): Promise<string> {
  const people = Math.max(1, w.crowd.size);
  const capabilities = await w.calls.whatMayI(w.run, { plan: w.plan, people });
  for (const { id, title, verdict, because, commands } of capabilities) {
    if (verdict === 'no') await handOff(w, `admin-${id}`, `For an admin: ${title}`, commands);
    // An open one is settled only by reading that it is so: what cannot be read any more proves nothing.
    else if (verdict === 'yes') settle(w, `admin-${id}`, because);
  }
  const named = (verdict: Capability['verdict']) =>
    capabilities
      .filter((capability) => capability.verdict === verdict)
      .map(({ title }) => title)
      .join('; ');
  const [no, unknown] = [named('no'), named('unknown')];
  return [
    no ? `may not: ${no}` : 'nothing is known to be forbidden',
    ...(unknown ? [`shows only when tried: ${unknown}`] : []),
  ].join('. ');
}

/** Reads the hand-offs back now and then, so that what an admin has done is noticed without being told. */
export async function handOffs(w: Lifecycle): Promise<void> {
  const open = () => w.checklist.items.some(({ kind, state }) => kind === 'hand-off' && state === 'waiting');
  for (;;) {
    await condition(() => w.leaving || open());
    if (w.leaving || (await condition(() => w.leaving, w.pace.recheck))) return;
    await readRights(w).catch(ignoreUnlessCancelled);
  }
}

/** Adds a line that only a workspace admin can work on, and tells them. */
async function handOff(w: Lifecycle, id: HandOffId, title: string, commands: readonly string[]): Promise<void> {
  const toDo = commands.join('\n');
  if (w.checklist.item(id)) {
    w.checklist.show(id, { toDo });
    return;
  }
  const item = {
    id,
    heading: 'first',
    title,
    kind: 'hand-off',
    needs: [],
    state: 'waiting',
    toDo,
    at: Date.now(),
  } as const;
  w.checklist.add(item, 'rights');
  await w.tell('databricksAdmin', id, title, `Please run:\n\n${toDo}\n\nIt is read back by itself.`);
}

function settle(w: Lifecycle, id: HandOffId, evidence: string): void {
  if (w.checklist.item(id) && !w.checklist.isDone(id)) w.checklist.pass(id, evidence, Date.now());
}
