import { z } from 'zod';
import { invalidParameter, malformedRequest, notFound, permissionDenied } from '../http/errors.ts';
import { queryInteger, readRequiredBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Reply, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { nextPage, pageStart } from '../http/page-start.ts';
import { CATALOG_ROOT } from './catalog-root.ts';
import { isGrantable, privilegeName } from './privileges.ts';
import type { Securable, SecurableType } from './securables.ts';

const privileges = z.array(text.max(100)).max(1_000).default([]);
const updateBody = z.object({
  changes: z.array(z.object({ principal: text.min(1).max(1_000), add: privileges, remove: privileges })).max(2_000),
});

const TYPES: readonly SecurableType[] = ['metastore', 'catalog', 'schema', 'volume'];
/** Other kinds that Unity Catalog has; of these the sandbox holds nothing. */
const EMPTY_TYPES = new Set([
  'connection',
  'credential',
  'external_location',
  'function',
  'pipeline',
  'provider',
  'recipient',
  'share',
  'storage_credential',
  'table',
]);

const SOURCE = 'docs/facts/databricks.md section 6';
/** No page of grants may be asked to be smaller: one must hold all the privileges of at least one principal. */
const SMALLEST_PAGE = 150;
const PAGE_OF_CHOICE = 1_000;

interface Assignment {
  readonly principal: string;
  readonly privileges: readonly unknown[];
}

/** Grants: GET and PATCH on what is granted here, and GET on what holds here because of a parent too. */
export function grantRoutes(workspace: Workspace): Route[] {
  const { securables } = workspace;

  const target = (call: Call): Securable => {
    const asked = (call.params['type'] ?? '').toLowerCase();
    const name = call.params['name'] ?? '';
    const type = TYPES.find((known) => known === asked);
    if (type) return securables.get(type, name);
    if (EMPTY_TYPES.has(asked))
      throw notFound(`${asked.toUpperCase()} '${name}' does not exist.`, `${asked.toUpperCase()}_DOES_NOT_EXIST`);
    throw invalidParameter(`Securable type '${asked}' is not known`);
  };

  /** Everybody sees their own grants; all of them only who manages the securable. */
  const seen = (call: Call, securable: Securable): ((principal: string) => boolean) => {
    const subjects = securables.subjectsOf(call.caller.userName);
    const asked = call.query.get('principal');
    const matches = asked
      ? (principal: string): boolean => principal.toLowerCase() === asked.toLowerCase()
      : (): boolean => true;
    return securables.mayManage(subjects, securable)
      ? matches
      : (principal) => matches(principal) && subjects.has(principal.toLowerCase());
  };

  return [
    {
      method: 'GET',
      path: `${CATALOG_ROOT}/permissions/:type/:name`,
      does: 'Tells what is granted on a securable itself',
      source: SOURCE,
      handle(call) {
        const securable = target(call);
        const isSeen = seen(call, securable);
        return page(
          call,
          assignments(securable).filter(({ principal }) => isSeen(principal)),
        );
      },
    },
    {
      method: 'PATCH',
      path: `${CATALOG_ROOT}/permissions/:type/:name`,
      does: 'Grants and revokes privileges on a securable',
      source: SOURCE,
      handle(call) {
        const securable = target(call);
        const { changes } = readRequiredBody(updateBody, call.json);
        if (changes.length === 0) throw malformedRequest('The field changes is empty: nothing to grant or revoke.');
        if (!securables.mayManage(securables.subjectsOf(call.caller.userName), securable)) {
          throw permissionDenied(`User does not have MANAGE on ${securable.type} '${securable.fullName}'.`);
        }
        const resolved = changes.map(({ principal, add, remove }) => ({
          principal: securables.principalName(principal),
          add: add.map((given) => checked(securable, given)),
          remove: remove.map((given) => checked(securable, given)),
        }));
        for (const { principal, add, remove } of resolved) {
          if (add.some((privilege) => remove.includes(privilege)))
            throw invalidParameter(`Duplicate privileges to add and delete for principal ${principal}.`);
        }
        for (const { principal, add, remove } of resolved) apply(securable, principal, add, remove);
        securable.updatedAt = call.at;
        securable.updatedBy = call.caller.userName;
        return ok(whole(assignments(securable)));
      },
    },
    {
      method: 'GET',
      path: `${CATALOG_ROOT}/effective-permissions/:type/:name`,
      does: 'Tells what holds on a securable, and from where it comes',
      source: SOURCE,
      handle(call) {
        const securable = target(call);
        const held = new Map<string, { principal: string; privileges: unknown[] }>();
        const isSeen = seen(call, securable);
        for (let level: Securable | undefined = securable; level; level = level.parent) {
          const inherited =
            level === securable
              ? {}
              : { inherited_from_type: level.type.toUpperCase(), inherited_from_name: level.fullName };
          for (const [key, grant] of level.grants) {
            if (!isSeen(grant.principal)) continue;
            const line = held.get(key) ?? { principal: grant.principal, privileges: [] };
            held.set(key, line);
            line.privileges.push(...[...grant.privileges].map((privilege) => ({ privilege, ...inherited })));
          }
        }
        return page(call, [...held.values()]);
      },
    },
  ];
}

function checked(securable: Securable, given: string): string {
  const privilege = privilegeName(given);
  if (!isGrantable(securable.type, privilege))
    throw invalidParameter(
      `Privilege ${given} is not applicable to this entity [${securable.fullName}:${securable.type.toUpperCase()}].`,
    );
  return privilege;
}

/** Revoking ALL PRIVILEGES takes every single one, too. */
function apply(securable: Securable, principal: string, add: readonly string[], remove: readonly string[]): void {
  const key = principal.toLowerCase();
  const held = securable.grants.get(key) ?? { principal, privileges: new Set<string>() };
  if (remove.includes('ALL_PRIVILEGES')) held.privileges.clear();
  for (const privilege of remove) held.privileges.delete(privilege);
  for (const privilege of add) held.privileges.add(privilege);
  if (held.privileges.size > 0) securable.grants.set(key, held);
  else securable.grants.delete(key);
}

const assignments = (securable: Securable): Assignment[] =>
  [...securable.grants.values()].map(({ principal, privileges }) => ({
    principal,
    privileges: [...privileges].sort(),
  }));

/** privilege_assignments is left out when there are none, as the real API does. */
const whole = (lines: readonly Assignment[]): unknown => (lines.length > 0 ? { privilege_assignments: lines } : {});

/**
 * max_results counts privileges; a principal's stay together. Without it everything comes at once, with 0 the server
 * chooses.
 */
function page(call: Call, lines: readonly Assignment[]): Reply {
  const asked = queryInteger(call.query, 'max_results', 0, 1_000_000);
  if (asked === undefined) return ok(whole(lines));
  if (asked > 0 && asked < SMALLEST_PAGE)
    throw invalidParameter(`Parameter 'max_results' must be 0 or at least ${SMALLEST_PAGE}, got ${asked}`);
  const size = Math.min(asked || PAGE_OF_CHOICE, PAGE_OF_CHOICE);
  const from = pageStart(call.query.get('page_token'));
  let to = from;
  for (let room = size; to < lines.length; to += 1) {
    room -= lines[to]?.privileges.length ?? 0;
    if (room < 0 && to > from) break;
  }
  return ok({ ...(whole(lines.slice(from, to)) as object), ...nextPage(to, lines.length) });
}
