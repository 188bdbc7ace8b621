import { asJson } from '../../domain/replayed/made/for-a-shell.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { makesApps } from '../../domain/replayed/checklist/what-a-plan-has.ts';
import { poolSpec } from '../../domain/replayed/made/pool-spec.ts';
import { provisioningPolicyDefinition } from '../../domain/plan/cluster-policy.ts';
import { meansNotFound, type CurrentUser, type SecurableType, type Workspace } from '../../databricks/workspace.ts';
import { privilegesFor } from '../people/privileges.ts';
import { endpointsOf } from '../../domain/replayed/made/claude-settings.ts';
import { isForbidden, isLasting } from '../retryable-failures.ts';
import type { Run } from '../run.ts';
import { rightToEndApps } from './right-to-end-apps.ts';
import { claudeModelsListed } from './models-listed.ts';
import type { Capability } from './capability.ts';
import { quoted, sqlForVolume } from './volumes.ts';

type Asked = Pick<
  Workspace,
  'currentUser' | 'grants' | 'volumes' | 'catalogs' | 'schemas' | 'clusterPolicies' | 'servingEndpoints' | 'permissions'
>;

/**
 * Finds out, by reading only, what the worker's own identity may do, before anything is done with it.
 * Used by the lifecycle's first heading and by `workshop plan`. What cannot be read is `unknown`, never `no`.
 * @param runId of the lifecycle; without one, nothing can be named that carries it.
 */
export async function capabilities(
  workspace: Asked,
  plan: Plan,
  people: number,
  runId?: string,
): Promise<Capability[]> {
  const me = await workspace.currentUser.me();
  const admin = me.groups.some(({ name }) => name === 'admins');
  return [
    {
      id: 'admin',
      title: 'be a workspace admin',
      verdict: admin ? 'yes' : 'unknown',
      because: admin
        ? `${me.userName} is in the group admins`
        : `${me.userName} is not in the group admins, as far as it can see`,
      commands: [],
    },
    await policies(workspace, plan, me, admin),
    pools(plan, people, me, admin, runId),
    ...(await volumes(workspace, plan, me, admin)),
    ...(await catalogsAndSchemas(workspace, plan, me, admin)),
    ...(await Promise.all(endpointsOf(plan).map((model) => endpoint(workspace, plan, model, me, admin)))),
    ...(makesApps(plan) ? [rightToEndApps(me, admin)] : []),
    {
      id: 'run-as',
      title: 'run a check as an attendee',
      verdict: admin ? 'yes' : 'unknown',
      because: admin
        ? 'admins may set run_as'
        : 'only admins may set run_as to somebody else; events and logs are used instead',
      commands: [],
    },
  ];
}

async function policies(workspace: Asked, plan: Plan, me: CurrentUser, admin: boolean): Promise<Capability> {
  const name = plan.compute.policy;
  const base = { id: 'policy', title: `use or create the cluster policy "${name}"` };
  if (admin) return { ...base, verdict: 'yes', because: 'admins may create policies', commands: [] };
  try {
    for await (const policy of workspace.clusterPolicies.list())
      if (policy.name === name) return { ...base, verdict: 'yes', because: 'it exists and can be used', commands: [] };
  } catch (error) {
    return unreadable(base, error);
  }
  const acl = { access_control_list: [{ user_name: me.userName, permission_level: 'CAN_USE' }] };
  const body = { name, definition: JSON.stringify(provisioningPolicyDefinition(plan)) };
  return {
    ...base,
    verdict: 'no',
    because: 'only admins create policies',
    commands: [
      `databricks cluster-policies create ${asJson(body)}`,
      `databricks permissions update cluster-policies <the policy id it prints> ${asJson(acl)}`,
    ],
  };
}

function pools(plan: Plan, people: number, me: CurrentUser, admin: boolean, runId: string | undefined): Capability {
  const base = { id: 'pool', title: 'create the instance pool' };
  if (!plan.compute.pool.use) return { ...base, verdict: 'yes', because: 'the plan uses no pool', commands: [] };
  if (admin) return { ...base, verdict: 'yes', because: 'admins may create pools', commands: [] };
  if (me.entitlements.includes('allow-instance-pool-create'))
    return { ...base, verdict: 'yes', because: 'it has the entitlement allow-instance-pool-create', commands: [] };
  // Its name and tags carry the run id: one made before there is a run would not be found again.
  const commands =
    runId === undefined ? [] : [`databricks instance-pools create ${asJson(poolSpec({ plan, runId, people }))}`];
  return {
    ...base,
    verdict: 'unknown',
    because:
      'it depends on the entitlement allow-instance-pool-create, which a group may give; ' +
      'if not, the line "pool" says what an admin runs',
    commands,
  };
}

async function volumes(workspace: Asked, plan: Plan, me: CurrentUser, admin: boolean): Promise<Capability[]> {
  const found: Capability[] = [];
  for (const volume of new Set([plan.unityCatalog.scripts, plan.unityCatalog.logs])) {
    const schema = volume.split('.').slice(0, 2).join('.');
    const base = { id: `volume-${volume}`, title: `write to the volume ${volume}, and grant on it` };
    const sql = [
      sqlForVolume(volume),
      `GRANT READ VOLUME, WRITE VOLUME, MANAGE ON VOLUME ${quoted(volume)} TO \`${me.userName}\`;`,
    ];
    try {
      const owner = await ownerOf(workspace, volume);
      if (owner?.toLowerCase() === me.userName.toLowerCase()) {
        found.push({ ...base, verdict: 'yes', because: 'the worker owns it', commands: [] });
        continue;
      }
      const [type, name]: [SecurableType, string] = owner === undefined ? ['schema', schema] : ['volume', volume];
      const held = await privilegesOf(workspace, type, name, me.userName);
      if (owner === undefined && (await ownsSchema(workspace, schema, me))) held.add('OWNER');
      const wanted = owner === undefined ? 'CREATE_VOLUME' : 'MANAGE';
      const may = held.has(wanted) || held.has('ALL_PRIVILEGES') || held.has('OWNER') || held.has('MANAGE');
      found.push({
        ...base,
        verdict: may ? 'yes' : admin ? 'unknown' : 'no',
        because: may
          ? `it holds ${[...held].join(', ')} on ${type} ${name}`
          : `it holds ${[...held].join(', ') || 'nothing'} on ${type} ${name}`,
        commands: may ? [] : sql,
      });
    } catch (error) {
      const commands = [
        `GRANT USE CATALOG ON CATALOG ${quoted(volume.split('.')[0] ?? '')} TO \`${me.userName}\`;`,
        `GRANT USE SCHEMA, CREATE VOLUME ON SCHEMA ${quoted(schema)} TO \`${me.userName}\`;`,
      ];
      const nowhere = {
        verdict: 'no',
        because:
          `${schema} is not there, or the worker may not see it: ` +
          'correct unityCatalog in the plan, or let the worker in',
      } as const;
      found.push({ ...unreadable(base, error), ...(meansNotFound(error) ? nowhere : {}), commands });
    }
  }
  return found;
}

/**
 * USE CATALOG and USE SCHEMA, without which nobody's cluster reads its script. Either attendees hold them already,
 * through a group, or the worker may grant them; else an admin grants them to everybody at once.
 */
async function catalogsAndSchemas(
  workspace: Asked,
  plan: Plan,
  me: CurrentUser,
  admin: boolean,
): Promise<Capability[]> {
  const group = plan.attendeeGroup ?? 'account users';
  const found: Capability[] = [];
  for (const { type, name, privileges } of privilegesFor(plan).filter((privilege) => privilege.type !== 'volume')) {
    const words = privileges.join(', ').replaceAll('_', ' ');
    const base = { id: `${type}-${name}`, title: `let attendees through the ${type} ${name} (${words})` };
    try {
      const { owner } = await (type === 'catalog' ? workspace.catalogs.get(name) : workspace.schemas.get(name));
      const mine = await privilegesOf(workspace, type, name, me.userName);
      if (owner?.toLowerCase() === me.userName.toLowerCase() || mine.has('MANAGE')) {
        found.push({ ...base, verdict: 'yes', because: `the worker may grant on it`, commands: [] });
        continue;
      }
      const theirs = await privilegesOf(workspace, type, name, group);
      const open = theirs.has('ALL_PRIVILEGES') || privileges.every((privilege) => theirs.has(privilege));
      found.push({
        ...base,
        verdict: open ? 'yes' : admin ? 'unknown' : 'no',
        because: open
          ? `the group ${group} holds it`
          : `the worker may not grant it, and cannot see that the group ${group} holds it`,
        commands: open ? [] : [`GRANT ${words} ON ${type.toUpperCase()} ${quoted(name)} TO \`${group}\`;`],
      });
    } catch (error) {
      found.push({
        ...unreadable(base, error),
        commands: [`GRANT ${words} ON ${type.toUpperCase()} ${quoted(name)} TO \`${group}\`;`],
      });
    }
  }
  return found;
}

/**
 * What could not be found out stays unknown, and holds nothing up.
 * @throws what is passing trouble: the same question may be answered a moment later.
 */
function unreadable<B extends { readonly id: string; readonly title: string }>(
  base: B,
  error: unknown,
): B & Capability {
  if (!isLasting(error)) throw error;
  return {
    ...base,
    verdict: 'unknown',
    because: `it cannot be read: ${(error instanceof Error ? error.message : String(error)).slice(0, 200)}`,
    commands: [],
  };
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

/** False when the schema may not be read: its owner could. */
const ownsSchema = (workspace: Asked, schema: string, me: CurrentUser): Promise<boolean> =>
  workspace.schemas.get(schema).then(
    ({ owner }) => owner?.toLowerCase() === me.userName.toLowerCase(),
    () => false,
  );

async function privilegesOf(
  workspace: Asked,
  type: SecurableType,
  name: string,
  principal: string,
): Promise<Set<string>> {
  const assignments = (await workspace.grants.effective(type, name, principal)).privilege_assignments;
  return new Set(assignments.flatMap(({ privileges }) => privileges.map(({ privilege }) => privilege)));
}

/** Either the worker may let people in, or the group they are all in has been let in: both read back. */
async function endpoint(
  workspace: Asked,
  plan: Plan,
  model: string,
  me: CurrentUser,
  admin: boolean,
): Promise<Capability> {
  const group = plan.attendeeGroup ?? 'users';
  const base = {
    id: model === plan.serving.model ? 'endpoint' : `endpoint-${model}`,
    title: `let attendees query the endpoint ${model}`,
  };
  const acl = { access_control_list: [{ group_name: group, permission_level: 'CAN_QUERY' }] };
  const commandsFor = (id: string | undefined) => [
    `databricks permissions update serving-endpoints ${id ?? `<id of ${model}>`} ${asJson(acl)}`,
  ];
  try {
    const { id } = await workspace.servingEndpoints.get(model);
    if (admin) return { ...base, verdict: 'yes', because: 'admins may', commands: [] };
    // Endpoints that Databricks itself provides may have no permissions of their own
    // (docs/facts/databricks-workspace.md section 9).
    if (id === undefined)
      return { ...base, verdict: 'unknown', because: 'the endpoint has no permissions of its own', commands: [] };
    const list = (await workspace.permissions.get('serving-endpoints', id)).access_control_list;
    const levels = (of: (entry: (typeof list)[number]) => boolean) =>
      list.filter(of).flatMap(({ all_permissions }) => all_permissions.map(({ permission_level }) => permission_level));
    if (levels((entry) => [entry.user_name, entry.service_principal_name].includes(me.userName)).includes('CAN_MANAGE'))
      return { ...base, verdict: 'yes', because: 'the worker has CAN_MANAGE', commands: [] };
    const theirs = levels(({ group_name }) => group_name === group);
    if (theirs.includes('CAN_QUERY') || theirs.includes('CAN_MANAGE'))
      return { ...base, verdict: 'yes', because: `the group ${group} has ${theirs.join(', ')}`, commands: [] };
    return {
      ...base,
      verdict: 'no',
      because: `the worker has no CAN_MANAGE, and the group ${group} no CAN_QUERY`,
      commands: commandsFor(id),
    };
  } catch (error) {
    if (meansNotFound(error)) {
      const because = `there is no endpoint of that name. ${await claudeModelsListed(workspace)}`.trim();
      return { ...base, verdict: 'unknown', because, commands: [] };
    }
    return {
      ...unreadable(base, error),
      ...(isForbidden(error) ? { verdict: 'no' } : {}),
      commands: commandsFor(undefined),
    };
  }
}

/** What the worker may do, and who it is. */
export const rightsActivities = ({ workspace }: { workspace: Workspace }) => ({
  /** Reads only. See {@link capabilities}. */
  async whatMayI(run: Run, { plan, people }: { plan: Plan; people: number }): Promise<Capability[]> {
    return capabilities(workspace, plan, people, run.runId);
  },

  async whoAmI(_run: Run): Promise<{ userName: string }> {
    return { userName: (await workspace.currentUser.me()).userName };
  },
});
