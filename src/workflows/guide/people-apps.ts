import { CancellationScope, sleep } from '@temporalio/workflow';
import {
  appsInWords,
  meteredApps,
  notEndedYet,
  type AppsAtEnd,
  type PersonsApp,
} from '../../domain/replayed/ending/apps-at-end.ts';
import { MINUTE } from '../../domain/replayed/time/units.ts';
import { ignoreUnlessCancelled } from '../shared/ignore-unless-cancelled.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';
import { problem } from '../workshop/not-as-it-should-be.ts';

/**
 * Counts the apps that the workshop's people made, and has them stopped or deleted where the plan wants it. No app
 * stops by itself, and one that is deleted is not gone at once: it is looked at until it is.
 */
export async function endApps(w: Lifecycle): Promise<string> {
  const { run, plan, timeline, state } = w;
  for (const giveUpAt = Date.now() + w.pace.launch; ;) {
    const known = state.apps?.names ?? [];
    const found = await w.calls.endApps(run, { plan, timeline, cohorts: w.crowd.cohorts, known });
    const apps = meteredApps(state.apps, found, Date.now());
    state.apps = apps;
    const open = notEndedYet(apps);
    if (open.length === 0) return appsInWords(apps);
    if (Date.now() >= giveUpAt) {
      const refused = apps.refused.map(({ name, why }) => `${name}: ${why}`);
      throw problem(
        [`${appsInWords(apps)}.`, ...refused].join(' '),
        open
          .map(({ name }) => `databricks apps ${apps.afterwards === 'delete' ? 'delete' : 'stop'} ${name}`)
          .join('\n'),
      );
    }
    await sleep(w.pace.poll, { summary: `until ${open.length} app(s) have ended` });
  }
}

/** Between two looks at what runs: what it costs is known that well. */
const LOOK_EVERY = 15 * MINUTE;

/** While people work, their apps are counted: what runs costs money, and nothing is asked of any. */
export async function meterApps(w: Lifecycle): Promise<void> {
  if (w.checklist.item('apps-end') === undefined) return;
  const pause = Math.max(LOOK_EVERY / w.pace.speed, w.pace.watchQuiet);
  for (;;) {
    const next = Date.now() + pause;
    await w.until(() => Math.min(next, w.timeline.end), "until people's apps are counted");
    if (Date.now() >= w.timeline.end) return;
    const found = await census(w).catch(ignoreUnlessCancelled);
    if (found) w.state.apps = meteredApps(w.state.apps, found, Date.now());
  }
}

/** Who made which app, each left as it is. */
function census({ run, plan, timeline, crowd, calls, state, pace }: Lifecycle): Promise<AppsAtEnd> {
  const asItIs = { ...plan, apps: { ...plan.apps, afterwards: 'keep' as const } };
  const known = state.apps?.names ?? [];
  return CancellationScope.withTimeout(pace.step, () =>
    calls.endApps(run, { plan: asItIs, timeline, cohorts: crowd.cohorts, known }),
  );
}

/** Thanks to everybody, with what becomes of their apps. */
export function feedback(w: Lifecycle): Promise<string> {
  const { run, plan, timeline, crowd } = w;
  const request = { plan, timeline, cohorts: crowd.cohorts };
  if (w.checklist.item('apps-end') === undefined) return w.calls.sendFeedback(run, request);
  return appsToName(w).then((apps) => w.calls.sendFeedback(run, { ...request, apps }));
}

/** Who made which app. No letter waits for a workspace that does not say. */
async function appsToName(w: Lifecycle): Promise<readonly PersonsApp[]> {
  try {
    return (await census(w)).there;
  } catch (error) {
    ignoreUnlessCancelled(error);
    return [];
  }
}
