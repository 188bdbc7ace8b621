import { z } from 'zod';
import { invalidParameter, notFound, permissionDenied } from '../http/errors.ts';
import type { Principal } from '../identity/principals.ts';
import type { Workspace } from '../workspace.ts';
import type { AppFields } from './app-fields.ts';
import type { App } from './app-model.ts';

const endpoint = z.looseObject({ name: z.string(), permission: z.string() });
const securable = z.looseObject({
  securable_full_name: z.string(),
  securable_type: z.string(),
  permission: z.string(),
});

/** Gives the principal of an app what one of its resources says. */
type Grant = (to: Principal) => void;

/**
 * What the platform grants an app's principal because of its resources: of serving endpoints and volumes, which the
 * sandbox has, and only on these themselves (docs/facts/apps.md section 3: what a volume lies in is granted by hand).
 * @returns what does it, once the app is there
 * @throws 400 for what no such thing can grant; 404 for what is not there; 403 unless whoever attaches it manages it.
 * Whether everybody may attach an endpoint that Databricks provides is not known: here nobody may but who manages it
 */
export function grantsOf(workspace: Workspace, { resources = [] }: AppFields, caller: Principal): Grant {
  const grants = resources.flatMap((resource): Grant[] => {
    if (resource['serving_endpoint']) return [endpointGrant(workspace, resource['serving_endpoint'], caller)];
    if (resource['uc_securable']) return volumeGrant(workspace, resource['uc_securable'], caller);
    return [];
  });
  return (to) => {
    for (const grant of grants) grant(to);
  };
}

/** The same for an app that is there: what was granted before stays, and what it has already nobody has to manage. */
export function grantTo(workspace: Workspace, app: App, { resources = [] }: AppFields, caller: Principal): void {
  const known = new Set((app.fields.resources ?? []).map((resource) => JSON.stringify(resource)));
  const added = resources.filter((resource) => !known.has(JSON.stringify(resource)));
  grantsOf(workspace, { resources: added }, caller)(app.servicePrincipal);
}

const LEVELS: readonly string[] = ['CAN_VIEW', 'CAN_QUERY', 'CAN_MANAGE'];

function endpointGrant({ serving, permissions }: Workspace, given: unknown, caller: Principal): Grant {
  const { name, permission } = read(endpoint, given, 'serving_endpoint');
  const found = serving.byName(name);
  if (!found) throw notFound(`Endpoint with name '${name}' does not exist.`);
  if (!LEVELS.includes(permission))
    throw invalidParameter(`A serving_endpoint of an app has the permission ${LEVELS.join(', ')}, not ${permission}.`);
  if (!permissions.allows(caller, 'serving-endpoints', found.id, 'CAN_MANAGE'))
    throw permissionDenied(`${caller.userName} does not manage the serving endpoint ${name}, and cannot attach it.`);
  return (to) =>
    permissions.add('serving-endpoints', found.id, [
      { service_principal_name: to.userName, permission_level: permission },
    ]);
}

const PRIVILEGES: readonly string[] = ['READ_VOLUME', 'WRITE_VOLUME'];

function volumeGrant({ securables }: Workspace, given: unknown, caller: Principal): Grant[] {
  const { securable_full_name: name, securable_type: type, permission } = read(securable, given, 'uc_securable');
  // Tables, functions and connections are not there.
  if (type !== 'VOLUME') return [];
  const volume = securables.get('volume', name);
  if (!PRIVILEGES.includes(permission))
    throw invalidParameter(`A volume of an app has the permission ${PRIVILEGES.join(', ')}, not ${permission}.`);
  if (!securables.mayManage(securables.subjectsOf(caller.userName), volume))
    throw permissionDenied(`${caller.userName} does not have MANAGE on volume '${name}', and cannot attach it.`);
  return [
    ({ userName }) => {
      const key = userName.toLowerCase();
      const held = volume.grants.get(key) ?? { principal: userName, privileges: new Set<string>() };
      held.privileges.add(permission);
      volume.grants.set(key, held);
    },
  ];
}

function read<T>(shape: z.ZodType<T>, given: unknown, kind: string): T {
  const { success, data, error } = shape.safeParse(given);
  if (!success)
    throw invalidParameter(`The ${kind} of a resource: ${z.prettifyError(error).replaceAll('\n', ' ').slice(0, 300)}`);
  return data;
}
