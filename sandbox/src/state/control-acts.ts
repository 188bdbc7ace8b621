import { z } from 'zod';
import { faultList } from '../faults/fault.ts';
import { text } from '../http/request-body.ts';
import type { Clock } from '../time/clock.ts';
import type { Principal } from '../identity/principals.ts';
import type { Workspace } from '../workspace.ts';

const names = z.array(text.min(1)).max(10_000).readonly();

const person = z.strictObject({
  userName: text.min(1),
  displayName: text.optional(),
  active: z.boolean().optional(),
  emails: names.optional(),
  entitlements: names.optional(),
  groups: names.optional(),
  inUsersGroup: z.boolean().optional(),
});

/** What can be done to a sandbox from outside of the workspace. Plain data, so that the journal can keep it. */
export const controlAct = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('add-user'), person }),
  z.strictObject({ act: z.literal('add-group'), name: text.min(1), members: names, entitlements: names }),
  z.strictObject({ act: z.literal('add-service-principal'), name: text.min(1), groups: names }),
  z.strictObject({ act: z.literal('mint-token'), userName: text.min(1) }),
  z.strictObject({ act: z.literal('replace-faults'), faults: faultList.readonly() }),
  z.strictObject({ act: z.literal('add-faults'), faults: faultList.readonly() }),
  z.strictObject({ act: z.literal('set-clock'), aheadMs: z.number().min(0).max(8e15) }),
]);

export type ControlAct = z.output<typeof controlAct>;

/** What a control act gave back; both are secrets. */
export interface ActResult {
  readonly token?: string;
  readonly client?: { readonly clientId: string; readonly clientSecret: string };
}

/** @throws {RangeError} when somebody is named who is not there, or a fault twice; nothing is changed then. */
export function applyAct(workspace: Workspace, clock: Clock, given: ControlAct, at: number): ActResult {
  const result = apply(workspace, clock, given, at);
  workspace.ledger.lookAtPeople(at);
  return result;
}

function apply(workspace: Workspace, clock: Clock, given: ControlAct, at: number): ActResult {
  const { principals } = workspace;
  const known = (userName: string): Principal => {
    const principal = principals.find(userName);
    if (!principal)
      throw new RangeError(`There is no user ${userName} in the sandbox: add them with POST /__sandbox/users`);
    return principal;
  };
  switch (given.act) {
    case 'add-user':
      principals.addUser(given.person);
      break;
    case 'add-group': {
      const members = given.members.map(known);
      principals.addGroup(given.name, given.entitlements);
      for (const member of members) principals.join(member, given.name);
      break;
    }
    case 'add-service-principal': {
      const principal = principals.addServicePrincipal({ displayName: given.name, groups: given.groups });
      return {
        client: { clientId: principal.userName, clientSecret: workspace.clientSecrets.create(principal, at).value },
      };
    }
    case 'mint-token':
      return { token: workspace.tokens.mint(known(given.userName), at).value };
    case 'replace-faults':
    case 'add-faults': {
      const read =
        given.act === 'add-faults' ? workspace.faults.add(...given.faults) : workspace.faults.replace(given.faults);
      if (!read.ok)
        throw new RangeError(
          read.problems.map(({ path, message }) => `fault ${path.join('.')}: ${message}`).join('; '),
        );
      break;
    }
    case 'set-clock':
      clock.setAhead(given.aheadMs);
      break;
  }
  return {};
}
