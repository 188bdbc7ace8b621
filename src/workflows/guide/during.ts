import { watchModel } from './model.ts';
import { meterApps } from './people-apps.ts';
import { writeToTheRoom } from './room-letters.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';

/**
 * During: cohorts watch every cluster, seats repair what broke, the model is asked whether it answers
 * the room, and people's apps are counted.
 */
export async function during(w: Lifecycle): Promise<void> {
  await Promise.all([watchClusters(w), watchModel(w), writeToTheRoom(w), meterApps(w)]);
}

async function watchClusters(w: Lifecycle): Promise<void> {
  await w.do('watch', async () => {
    await w.until(() => w.timeline.end, 'until the workshop ends');
    const { byState, attendees } = w.totals();
    return (
      `${attendees} attendees at the end: ${byState.ready ?? 0} ready, ${byState.asleep ?? 0} asleep (connecting ` +
      `wakes them), ${byState.failed ?? 0} broken`
    );
  });
}
