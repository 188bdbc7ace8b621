import { z } from 'zod';
import { invalidParameter, malformedRequest, notFound, permissionDenied } from '../http/errors.ts';
import { readRequiredBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import type { Securable, SecurableType } from './securables.ts';
import type { Workspace } from '../workspace.ts';

const updateBody = z.object({
  changes: z
    .array(z.object({ principal: text.min(1), add: z.array(text).default([]), remove: z.array(text).default([]) }))
    .max(2_000),
});

const TYPES: readonly SecurableType[] = ['catalog', 'schema', 'volume'];
const ROOT = '/api/2.1/unity-catalog';

/** Grants: GET and PATCH on what is granted here, and GET on what holds here because of a parent too. */
export function grantRoutes(workspace: Workspace): Route[] {
  const { securables } = workspace;

  const target = (call: Call): Securable => {
    const type = TYPES.find((known) => known === (call.params['type'] ?? '').toLowerCase());
    if (!type) throw invalidParameter(`Securable type '${call.params['type']}' is not known to this sandbox`);
    return securables.get(type, call.params['name'] ?? '');
  };

  /** Everybody sees their own grants; all of them only who manages the securable. */
  const seen = (call: Call, securable: Securable): ((principal: string) => boolean) => {
    const subjects = securables.subjectsOf(call.caller.userName);
    const asked = call.query.get('principal');
    const matches = asked ? (principal: string): boolean => principal.toLowerCase() === asked.toLowerCase() : (): boolean => true;
    return securables.mayManage(subjects, securable) ? matches : (principal) => matches(principal) && subjects.has(principal.toLowerCase());
  };

  return [
    {
      method: 'GET',
      path: `${ROOT}/permissions/:type/:name`,
      handle(call) {
        const securable = target(call);
        return ok(assignments(securable, seen(call, securable)));
      },
    },
    {
      method: 'PATCH',
      path: `${ROOT}/permissions/:type/:name`,
      handle(call) {
        const securable = target(call);
        const { changes } = readRequiredBody(updateBody, call.json);
        if (changes.length === 0) throw malformedRequest('The field changes is empty: nothing to grant or revoke.');
        if (!securables.mayManage(securables.subjectsOf(call.caller.userName), securable)) {
          throw permissionDenied(`User does not have MANAGE on ${securable.type} '${securable.fullName}'.`);
        }
        const resolved = changes.map((change) => ({ ...change, name: principalName(workspace, change.principal) }));
        for (const { add, remove } of resolved) checkPrivileges(workspace, securable, [...add, ...remove]);
        for (const { name, add, remove } of resolved) apply(securable, name, add, remove);
        const touched = new Set(resolved.map(({ name }) => name.toLowerCase()));
        return ok(assignments(securable, (principal) => touched.has(principal.toLowerCase())));
      },
    },
    {
      method: 'GET',
      path: `${ROOT}/effective-permissions/:type/:name`,
      handle(call) {
        const securable = target(call);
        const held = new Map<string, { principal: string; privileges: unknown[] }>();
        const isSeen = seen(call, securable);
        for (let level: Securable | undefined = securable; level; level = level.parent) {
          const inherited = level === securable ? {} : { inherited_from_type: level.type.toUpperCase(), inherited_from_name: level.fullName };
          for (const [key, grant] of level.grants) {
            if (!isSeen(grant.principal)) continue;
            const line = held.get(key) ?? { principal: grant.principal, privileges: [] };
            held.set(key, line);
            line.privileges.push(...[...grant.privileges].map((privilege) => ({ privilege, ...inherited })));
          }
        }
        return ok(held.size > 0 ? { privilege_assignments: [...held.values()] } : {});
      },
    },
  ];
}

function principalName(workspace: Workspace, given: string): string {
  const name = workspace.securables.principalName(given);
  if (name === undefined) throw notFound(`Could not find principal with name ${given}`, 'PRINCIPAL_DOES_NOT_EXIST');
  return name;
}

function checkPrivileges(workspace: Workspace, securable: Securable, privileges: readonly string[]): void {
  const wrong = privileges.find((privilege) => !workspace.securables.isGrantable(securable.type, privilege));
  if (wrong !== undefined) throw invalidParameter(`Privilege ${wrong} is not applicable to this entity [${securable.fullName}:${securable.type.toUpperCase()}].`);
}

function apply(securable: Securable, principal: string, add: readonly string[], remove: readonly string[]): void {
  const key = principal.toLowerCase();
  const held = securable.grants.get(key) ?? { principal, privileges: new Set<string>() };
  for (const privilege of remove) held.privileges.delete(privilege);
  for (const privilege of add) held.privileges.add(privilege);
  if (held.privileges.size > 0) securable.grants.set(key, held);
  else securable.grants.delete(key);
}

/** privilege_assignments is left out when there are none, as the real API does. */
function assignments(securable: Securable, isSeen: (principal: string) => boolean): unknown {
  const lines = [...securable.grants.values()].filter((grant) => isSeen(grant.principal)).map(({ principal, privileges }) => ({ principal, privileges: [...privileges].sort() }));
  return lines.length > 0 ? { privilege_assignments: lines } : {};
}
