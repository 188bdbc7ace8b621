import type { Lifecycle } from '../workshop/lifecycle.ts';

/** During: cohorts watch every cluster; ready, asleep and broken are shown, and seats repair what broke. */
export async function during(w: Lifecycle): Promise<void> {
  await w.do('watch', async () => {
    await w.until(() => w.timeline.end, 'until the workshop ends');
    const { byState, attendees } = w.totals();
    return (
      `${attendees} attendees at the end: ${byState.ready ?? 0} ready, ${byState.asleep ?? 0} asleep (connecting ` +
      `wakes them), ${byState.failed ?? 0} broken`
    );
  });
}
