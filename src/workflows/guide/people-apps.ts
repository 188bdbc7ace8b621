import { CancellationScope, sleep } from '@temporalio/workflow';
import { appsInWords, notEndedYet, type PersonsApp } from '../../domain/replayed/ending/apps-at-end.ts';
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
    const apps = await w.calls.endApps(run, { plan, timeline, cohorts: w.crowd.cohorts, known });
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

/** Thanks to everybody, with what becomes of their apps. */
export function feedback(w: Lifecycle): Promise<string> {
  const { run, plan, timeline, crowd } = w;
  const request = { plan, timeline, cohorts: crowd.cohorts };
  if (w.checklist.item('apps-end') === undefined) return w.calls.sendFeedback(run, request);
  return appsToName(w).then((apps) => w.calls.sendFeedback(run, { ...request, apps }));
}

/** Who made which app. No letter waits for a workspace that does not say. */
async function appsToName(w: Lifecycle): Promise<readonly PersonsApp[]> {
  const { run, timeline, crowd } = w;
  const plan = { ...w.plan, apps: { ...w.plan.apps, afterwards: 'keep' as const } };
  try {
    return await CancellationScope.withTimeout(w.pace.step, async () => {
      const { there } = await w.calls.endApps(run, { plan, timeline, cohorts: crowd.cohorts, known: [] });
      return there;
    });
  } catch (error) {
    ignoreUnlessCancelled(error);
    return [];
  }
}
