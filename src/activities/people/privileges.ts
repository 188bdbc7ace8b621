import type { Plan } from '../../domain/plan/plan.ts';
import { DatabricksError, type SecurableType, type Workspace } from '../../databricks/workspace.ts';
import { isForbidden } from '../retryable-failures.ts';
import { quoted } from '../setup/volumes.ts';
import { refusedAmong } from './one-by-one.ts';

export interface Privilege {
  readonly type: SecurableType;
  readonly name: string;
  readonly privileges: readonly string[];
}

/** By principal: what they lack, and what the workspace said when it refused them. */
export interface Granted {
  readonly lacking: ReadonlyMap<string, string[]>;
  readonly refused: ReadonlyMap<string, unknown>;
}
export const NOTHING_REFUSED: Granted = { lacking: new Map(), refused: new Map() };

/**
 * Unity Catalog privileges an attendee's cluster needs: its init script is read, and its log written, with their rights
 * (docs/facts/databricks.md section 6).
 */
export function privilegesFor(plan: Plan): Privilege[] {
  const { scripts, logs } = plan.unityCatalog;
  const catalogs = new Set([scripts, logs].map((volume) => volume.split('.')[0] as string));
  const schemas = new Set([scripts, logs].map((volume) => volume.split('.').slice(0, 2).join('.')));
  return [
    ...[...catalogs].map((name): Privilege => ({ type: 'catalog', name, privileges: ['USE_CATALOG'] })),
    ...[...schemas].map((name): Privilege => ({ type: 'schema', name, privileges: ['USE_SCHEMA'] })),
    { type: 'volume', name: scripts, privileges: ['READ_VOLUME'] },
    { type: 'volume', name: logs, privileges: ['READ_VOLUME', 'WRITE_VOLUME'] },
  ];
}

/** The SQL that grants them, for an admin to paste. */
export const sqlForGrants = (plan: Plan, principal: string): string[] =>
  privilegesFor(plan).map(({ type, name, privileges }) => {
    const words = privileges.map((privilege) => privilege.replace('_', ' ')).join(', ');
    return `GRANT ${words} ON ${type.toUpperCase()} ${quoted(name)} TO \`${principal}\`;`;
  });

/** The SQL that takes them back again. @param what as it is noted when it is granted */
export const sqlForRevoke = (what: string, principal: string): string => {
  const { privilege, type, name } = partsOf(what);
  return `REVOKE ${privilege.replace('_', ' ')} ON ${type.toUpperCase()} ${quoted(name)} FROM \`${principal}\`;`;
};

/** What a note is about. */
export function partsOf(note: string): { privilege: string; type: string; name: string } {
  const [, privilege = '', type = '', name = ''] = /^(\w+) on (\w+) (.+)$/.exec(note) ?? [];
  return { privilege, type, name };
}

/** How one privilege is noted. */
export const noteOf = (privilege: string, type: SecurableType, name: string): string =>
  `${privilege} on ${type} ${name}`;

/** Grants in Unity Catalog, and what is remembered of them. */
export function privilegeGrants(workspace: Pick<Workspace, 'grants'>) {
  /**
   * By run and principal: what they did not hold before. An attempt that was cut off after granting has it still; after
   * another start of the worker it counts as held before, and stays.
   */
  const noted = new Map<string, Set<string>>();
  const noteFor = (runId: string, principal: string) => {
    const key = `${runId} ${principal.toLowerCase()}`;
    const notes = noted.get(key) ?? new Set<string>();
    noted.set(key, notes);
    return notes;
  };

  /** What was granted on this very object. undefined: the worker may not see it. */
  const heldOn = async (type: SecurableType, name: string): Promise<Map<string, Set<string>> | undefined> => {
    try {
      return byPrincipal((await workspace.grants.get(type, name)).privilege_assignments);
    } catch (error) {
      if (isForbidden(error)) return undefined;
      throw error;
    }
  };

  const effective = async (type: SecurableType, name: string, principal: string) =>
    new Set(
      (await workspace.grants.effective(type, name, principal)).privilege_assignments.flatMap(({ privileges }) =>
        privileges.map(({ privilege }) => privilege),
      ),
    );

  return {
    /** What of it this worker has granted to somebody who did not hold it. */
    given: (runId: string, principal: string): string[] => [...noteFor(runId, principal)],

    /**
     * Grants to all principals at once; where the worker may not grant, what they already have decides. Read back from
     * the workspace's own answer, which carries the resulting list. Returns who lacks what, and whom the workspace
     * refused otherwise.
     */
    async give(runId: string, plan: Plan, principals: readonly string[]): Promise<Granted> {
      const lacking = new Map<string, string[]>();
      const refused = new Map<string, unknown>();
      for (const { type, name, privileges } of privilegesFor(plan)) {
        const before = await heldOn(type, name);
        const after = new Map<string, Set<string>>();
        const answers = await refusedAmong(
          principals.filter((principal) => !refused.has(principal)),
          async (some) => {
            const { privilege_assignments: now } = await workspace.grants.update(
              type,
              name,
              some.map((principal) => ({ principal, add: [...privileges] })),
            );
            for (const [principal, held] of byPrincipal(now)) after.set(principal, held);
          },
          isRefusal,
        );
        for (const [principal, error] of answers) if (!isForbidden(error)) refused.set(principal, error);
        for (const principal of principals.filter((one) => !refused.has(one))) {
          const isClosed = answers.has(principal);
          const held = isClosed ? await effective(type, name, principal) : after.get(principal.toLowerCase());
          const missing = privileges.filter((privilege) => !held?.has(privilege) && !held?.has('ALL_PRIVILEGES'));
          if (missing.length > 0)
            lacking.set(principal, [...(lacking.get(principal) ?? []), noteOf(missing.join(', '), type, name)]);
          const had = before?.get(principal.toLowerCase());
          const isNew = (privilege: string) => before && !had?.has(privilege) && !had?.has('ALL_PRIVILEGES');
          if (!isClosed)
            for (const privilege of privileges.filter(isNew))
              noteFor(runId, principal).add(noteOf(privilege, type, name));
        }
      }
      return { lacking, refused };
    },
  };
}

const byPrincipal = (assignments: readonly { principal: string; privileges: readonly string[] }[]) =>
  new Map(assignments.map(({ principal, privileges }) => [principal.toLowerCase(), new Set(privileges)] as const));

/** An answer that may be about one of those in the call: not about the worker's credentials, its pace, or a fault. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof DatabricksError &&
  error.status >= 400 &&
  error.status < 500 &&
  error.status !== 401 &&
  error.status !== 429;
