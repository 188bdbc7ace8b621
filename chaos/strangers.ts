import { setTimeout as wait } from 'node:timers/promises';
import type { Sandbox } from '../sandbox/index.ts';

/** Something in the same workspace that is somebody else's, and looks like the workshop's. */
interface Stranger {
  readonly what: 'cluster' | 'pool';
  readonly id: string;
  readonly why: string;
}

const SPEC = { spark_version: '17.3.x-scala2.13', node_type_id: 'Standard_D4ds_v5' };
const OTHER_RUN = '00000000-0000-4000-8000-000000000000';

/** Makes look-alikes by name, by tag, and by both, as another server's workshop of the same id has them. */
export async function inviteStrangers(sandbox: Sandbox, workshopId: string, runId: string): Promise<Stranger[]> {
  const name = `claude-code-workshop-${workshopId}-attendee001`;
  const cluster = async (why: string, tags: Readonly<Record<string, string>>): Promise<Stranger> => {
    const spec = { ...SPEC, cluster_name: name, num_workers: 0, autotermination_minutes: 0, custom_tags: tags };
    return { what: 'cluster', id: await made(sandbox, '/api/2.1/clusters/create', spec, 'cluster_id'), why };
  };
  return [
    await cluster('the same name', {}),
    await cluster('the same name and workshop, of another run', {
      'workshop-id': workshopId,
      'workshop-run': OTHER_RUN,
    }),
    await cluster('the run under another key', { 'workshop-run-before': runId, seat: runId }),
    {
      what: 'pool',
      id: await made(
        sandbox,
        '/api/2.0/instance-pools/create',
        {
          instance_pool_name: `claude-code-workshop-${workshopId}`,
          node_type_id: SPEC.node_type_id,
          min_idle_instances: 1,
          custom_tags: { 'workshop-pool-id': workshopId, 'workshop-pool-run': OTHER_RUN },
        },
        'instance_pool_id',
      ),
      why: 'the same name and workshop, of another run',
    },
  ];
}

/** Who of them is not as they were, in sentences. */
export function harmed(sandbox: Sandbox, strangers: readonly Stranger[]): string[] {
  const { clusters, pools } = sandbox.books();
  return strangers.flatMap(({ what, id, why }) => {
    const words = `a stranger's ${what} (${why})`;
    if (what === 'pool') {
      const pool = pools.find((one) => one.id === id);
      if (!pool?.alive) return [`${words} was deleted`];
      const { idle_count: idle, pending_idle_count: coming } = pool.stats;
      return idle + coming === 1 ? [] : [`${words} keeps ${idle + coming} machines, not 1`];
    }
    const cluster = clusters.find((one) => one.id === id);
    if (!cluster?.alive) return [`${words} was deleted`];
    const states = cluster.history.map(({ state }) => state).join(', ');
    return ['PENDING, RUNNING', 'PENDING'].includes(states) ? [] : [`${words} went through ${states}`];
  });
}

/** An outage of the day ends before that. */
const TRIES = 900;
const PAUSE_MS = 100;

/** A colleague who makes it tries until they have it. */
async function made(sandbox: Sandbox, path: string, body: unknown, field: string): Promise<string> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await fetch(sandbox.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
      .then(async (response) => (await response.json()) as Record<string, unknown>)
      .catch(() => undefined);
    if (typeof answer?.[field] === 'string') return answer[field];
    await wait(PAUSE_MS);
  }
  throw new Error(`${path} has answered nothing for ${(TRIES * PAUSE_MS) / 1_000} seconds`);
}
