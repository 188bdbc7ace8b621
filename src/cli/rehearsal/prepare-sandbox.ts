import type { Plan } from '../../domain/plan/plan.ts';
import type { Sandbox } from '../../../sandbox/index.ts';

/** What the sandbox has from the start. */
const MODEL = 'databricks-claude-sonnet-4-6';

/**
 * Gives a sandbox what a plan of somebody's own takes for granted: its catalogs, schemas and group, through the routes
 * that an admin uses. A serving endpoint cannot be made this way: another name is replaced, and that is said.
 */
export async function prepareSandbox(
  sandbox: Sandbox,
  plan: Plan,
  people: readonly string[],
  say: (line: string) => void,
): Promise<Plan> {
  const ask = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<boolean> => {
    const answer = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${sandbox.adminToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    await answer.arrayBuffer();
    return answer.ok;
  };
  for (const volume of [plan.unityCatalog.scripts, plan.unityCatalog.logs]) {
    const [catalog = '', schema = ''] = volume.split('.');
    // What exists already is refused, which is as good.
    await ask('POST', '/api/2.1/unity-catalog/catalogs', { name: catalog });
    await ask('POST', '/api/2.1/unity-catalog/schemas', { name: schema, catalog_name: catalog });
  }
  if (plan.attendeeGroup !== undefined) sandbox.addGroup(plan.attendeeGroup, { members: people });
  if (await ask('GET', `/api/2.0/serving-endpoints/${encodeURIComponent(plan.serving.model)}`)) return plan;
  say(`The sandbox has no endpoint ${plan.serving.model}: ${MODEL} stands in for it.`);
  return { ...plan, serving: { ...plan.serving, model: MODEL } };
}
