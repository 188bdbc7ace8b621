import { condition } from '@temporalio/workflow';
import type { Capability } from '../../activities/setup/rights.ts';
import { ignoreUnlessCancelled, type Lifecycle } from '../workshop/lifecycle.ts';

/** First: what the worker itself may do, and a seat for everybody on the roster. */
export async function first(w: Lifecycle): Promise<void> {
  await Promise.all([
    w.do('rights', () => rights(w)),
    w.do('enrol', async () => {
      await condition(() => w.state.toEnrol.length === 0);
      return `${w.seats} seats`;
    }),
  ]);
}

/** What the worker may not do becomes a line for an admin, with the exact commands; it passes once it reads back as done. */
async function rights(w: Lifecycle): Promise<string> {
  const capabilities = await w.calls.short.whatMayI(w.run, { plan: w.plan, people: Math.max(1, w.seats) });
  for (const { id, title, verdict, because, commands } of capabilities) {
    if (verdict === 'no') await w.handOff(`admin-${id}`, `For an admin: ${title}`, commands);
    // An open one is settled only by reading that it is so: what cannot be read any more proves nothing.
    else if (verdict === 'yes') w.settleHandOff(`admin-${id}`, because);
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
  const open = () => w.state.items.some(({ kind, state }) => kind === 'hand-off' && state === 'waiting');
  for (;;) {
    await condition(() => w.leaving || open());
    if (w.leaving || (await condition(() => w.leaving, w.pace.recheck))) return;
    await rights(w).catch(ignoreUnlessCancelled);
  }
}
