import type { Plan } from '../domain/plan.ts';
import { poolSpec } from '../domain/pool-spec.ts';
import { provisioningPolicyDefinition } from '../domain/provisioning-policy.ts';
import { meansNotFound, type CurrentUser, type SecurableType, type Workspace } from '../databricks/workspace.ts';
import { asFailure, isForbidden } from './failures.ts';
import type { Run } from './run.ts';
import { quoted, sqlForVolume } from './volumes.ts';

/** One thing the lifecycle will want to do, and whether the worker's identity may. */
export interface Capability {
  readonly id: string;
  readonly title: string;
  readonly verdict: 'yes' | 'no' | 'unknown';
  readonly because: string;
  /** What an admin runs to make it so; for `no`. */
  readonly commands: readonly string[];
}

type Asked = Pick<Workspace, 'currentUser' | 'grants' | 'volumes' | 'catalogs' | 'clusterPolicies' | 'servingEndpoints' | 'permissions'>;

/**
 * Finds out, by reading only, what the worker's own identity may do, before anything is done with it.
 * Used by the lifecycle's first heading and by `workshop plan`. What cannot be read is `unknown`, never `no`.
 */
export async function capabilities(workspace: Asked, plan: Plan, people: number): Promise<Capability[]> {
  const me = await workspace.currentUser.me();
  const admin = me.groups.some(({ name }) => name === 'admins');
  return [
    { id: 'admin', title: 'be a workspace admin', verdict: admin ? 'yes' : 'unknown', because: admin ? `${me.userName} is in the group admins` : `${me.userName} is not in the group admins, as far as it can see`, commands: [] },
    await policies(workspace, plan, me, admin),
    pools(plan, people, admin),
    ...(await unityCatalog(workspace, plan, me)),
    await endpoint(workspace, plan, me, admin),
    { id: 'run-as', title: 'run a check as an attendee', verdict: admin ? 'yes' : 'unknown', because: admin ? 'admins may set run_as' : 'only admins may set run_as to somebody else; events and logs are used instead', commands: [] },
  ];
}

async function policies(workspace: Asked, plan: Plan, me: CurrentUser, admin: boolean): Promise<Capability> {
  const name = plan.compute.policy;
  const base = { id: 'policy', title: `use or create the cluster policy "${name}"` };
  if (admin) return { ...base, verdict: 'yes', because: 'admins may create policies', commands: [] };
  for await (const policy of workspace.clusterPolicies.list()) if (policy.name === name) return { ...base, verdict: 'yes', because: 'it exists and can be used', commands: [] };
  const body = JSON.stringify({ name, definition: JSON.stringify(provisioningPolicyDefinition(plan)) });
  return { ...base, verdict: 'no', because: 'only admins create policies', commands: [
    `databricks cluster-policies create --json '${body}'`,
    `databricks permissions update cluster-policies <the policy id it prints> --json '${JSON.stringify({ access_control_list: [{ user_name: me.userName, permission_level: 'CAN_USE' }] })}'`,
  ] };
}

function pools(plan: Plan, people: number, admin: boolean): Capability {
  const base = { id: 'pool', title: 'create the instance pool' };
  if (!plan.compute.pool.use) return { ...base, verdict: 'yes', because: 'the plan uses no pool', commands: [] };
  if (admin) return { ...base, verdict: 'yes', because: 'admins may create pools', commands: [] };
  const { custom_tags: _tags, ...spec } = poolSpec({ plan, runId: '', people });
  return { ...base, verdict: 'unknown', because: 'it depends on the entitlement allow-instance-pool-create', commands: [`databricks instance-pools create --json '${JSON.stringify(spec)}'`] };
}

async function unityCatalog(workspace: Asked, plan: Plan, me: CurrentUser): Promise<Capability[]> {
  const found: Capability[] = [];
  for (const volume of new Set([plan.unityCatalog.scripts, plan.unityCatalog.logs])) {
    const schema = volume.split('.').slice(0, 2).join('.');
    const base = { id: `volume-${volume}`, title: `write to the volume ${volume}, and grant on it` };
    const sql = [sqlForVolume(volume), `GRANT READ VOLUME, WRITE VOLUME, MANAGE ON VOLUME ${quoted(volume)} TO \`${me.userName}\`;`];
    try {
      const owner = await ownerOf(workspace, volume);
      if (owner?.toLowerCase() === me.userName.toLowerCase()) {
        found.push({ ...base, verdict: 'yes', because: 'the worker owns it', commands: [] });
        continue;
      }
      const [type, name]: [SecurableType, string] = owner === undefined ? ['schema', schema] : ['volume', volume];
      const held = await privilegesOf(workspace, type, name, me);
      const wanted = owner === undefined ? 'CREATE_VOLUME' : 'MANAGE';
      const may = held.has(wanted) || held.has('ALL_PRIVILEGES') || held.has('OWNER') || held.has('MANAGE');
      const admin = me.groups.some(({ name: group }) => group === 'admins');
      found.push({ ...base, verdict: may ? 'yes' : admin ? 'unknown' : 'no', because: may ? `it holds ${[...held].join(', ')} on ${type} ${name}` : `it holds ${[...held].join(', ') || 'nothing'} on ${type} ${name}`, commands: may ? [] : sql });
    } catch (error) {
      if (!isForbidden(error) && !meansNotFound(error)) throw error;
      found.push({ ...base, verdict: meansNotFound(error) ? 'no' : 'unknown', because: `${schema} cannot be read: ${(error as Error).message.slice(0, 200)}`, commands: [`GRANT USE CATALOG ON CATALOG ${quoted(volume.split('.')[0] ?? '')} TO \`${me.userName}\`;`, `GRANT USE SCHEMA, CREATE VOLUME ON SCHEMA ${quoted(schema)} TO \`${me.userName}\`;`] });
    }
  }
  return found;
}

/** undefined: there is no such volume yet. */
async function ownerOf(workspace: Asked, volume: string): Promise<string | undefined> {
  try {
    return (await workspace.volumes.get(volume)).owner ?? '';
  } catch (error) {
    if (meansNotFound(error)) return undefined;
    throw error;
  }
}

async function privilegesOf(workspace: Asked, type: SecurableType, name: string, me: CurrentUser): Promise<Set<string>> {
  const assignments = (await workspace.grants.effective(type, name, me.userName)).privilege_assignments;
  return new Set(assignments.flatMap(({ privileges }) => privileges.map(({ privilege }) => privilege)));
}

async function endpoint(workspace: Asked, plan: Plan, me: CurrentUser, admin: boolean): Promise<Capability> {
  const { model } = plan.serving;
  const base = { id: 'endpoint', title: `set permissions on the endpoint ${model}` };
  if (admin) return { ...base, verdict: 'yes', because: 'admins may', commands: [] };
  const acl = JSON.stringify({ access_control_list: [{ group_name: plan.attendeeGroup ?? 'users', permission_level: 'CAN_QUERY' }] });
  const commandsFor = (id: string | undefined) => [`databricks permissions update serving-endpoints ${id ?? `<id of ${model}>`} --json '${acl}'`];
  try {
    const { id } = await workspace.servingEndpoints.get(model);
    const held = id ? await workspace.permissions.get('serving-endpoints', id) : undefined;
    const manages = held?.access_control_list.some(({ user_name, all_permissions }) => user_name === me.userName && all_permissions.some(({ permission_level }) => permission_level === 'CAN_MANAGE'));
    return { ...base, verdict: manages ? 'yes' : 'unknown', because: manages ? 'it has CAN_MANAGE' : 'it has no CAN_MANAGE of its own', commands: manages ? [] : commandsFor(id) };
  } catch (error) {
    if (!isForbidden(error) && !meansNotFound(error)) throw error;
    return { ...base, verdict: isForbidden(error) ? 'no' : 'unknown', because: (error as Error).message.slice(0, 200), commands: commandsFor(undefined) };
  }
}

/** What the worker may do, and who it is. */
export const rightsActivities = ({ workspace }: { workspace: Workspace }) => ({
  /** Reads only. See {@link capabilities}. */
  async whatMayI(_run: Run, { plan, people }: { plan: Plan; people: number }): Promise<Capability[]> {
    try {
      return await capabilities(workspace, plan, people);
    } catch (error) {
      throw asFailure(error);
    }
  },

  async whoAmI(_run: Run): Promise<{ userName: string }> {
    try {
      return { userName: (await workspace.currentUser.me()).userName };
    } catch (error) {
      throw asFailure(error);
    }
  },
});
