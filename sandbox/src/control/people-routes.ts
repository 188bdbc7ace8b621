import { z } from 'zod';
import { text } from '../http/request-body.ts';
import { readControlBody } from './control-body.ts';
import { ControlRefusal } from './control-route.ts';
import type { ControlRoute, ControlWorld } from './control-route.ts';

const names = z.array(text.min(1)).max(10_000);
const user = z.strictObject({
  user_name: text.min(1).max(320),
  display_name: text.optional(),
  active: z.boolean().optional(),
  groups: names.optional(),
  entitlements: names.optional(),
});
const group = z.strictObject({
  display_name: text.min(1).max(255),
  members: names.default([]),
  entitlements: names.default([]),
});
const servicePrincipal = z.strictObject({ display_name: text.min(1).max(255), groups: names.default([]) });
const token = z.strictObject({ user_name: text.min(1) });

/** Who there is, and tokens to be them: what a facilitator needs to try a workspace as somebody else. */
export function peopleRoutes({ workspace, acts }: ControlWorld): ControlRoute[] {
  const known = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      if (error instanceof RangeError) throw new ControlRefusal(`${error.message}.`, 404);
      throw error;
    }
  };
  const mint = (userName: string): string => known(() => acts.mintToken(userName));
  return [
    {
      method: 'GET',
      path: 'users',
      does: 'Who there is: users and service principals with their groups, and no tokens',
      handle: () => ({
        users: [...workspace.principals.all()].map((principal) => ({
          user_name: principal.userName,
          display_name: principal.displayName,
          kind: principal.kind,
          active: principal.active,
          groups: workspace.principals.groupsOf(principal).map((one) => one.displayName),
        })),
      }),
    },
    {
      method: 'POST',
      path: 'users',
      does: 'Adds a user, or leaves one that is there as they are, and answers a new token of theirs',
      takes: {
        user_name: 'ann@example.com',
        display_name: 'Ann',
        groups: ['trainers'],
        entitlements: ['allow-cluster-create'],
        active: true,
      },
      handle(call) {
        const { user_name: userName, display_name: displayName, ...rest } = readControlBody(user, call);
        acts.addUser({ userName, displayName, ...rest });
        return { user_name: userName, token: mint(userName) };
      },
    },
    {
      method: 'POST',
      path: 'tokens',
      does: 'A new token of somebody who is there already, which never expires',
      takes: { user_name: 'ann@example.com' },
      handle(call) {
        const { user_name: userName } = readControlBody(token, call);
        return { user_name: userName, token: mint(userName) };
      },
    },
    {
      method: 'POST',
      path: 'groups',
      does: 'Adds a group, or members to one that is there',
      takes: { display_name: 'trainers', members: ['ann@example.com'], entitlements: ['allow-cluster-create'] },
      handle(call) {
        const { display_name: name, members, entitlements } = readControlBody(group, call);
        known(() => acts.addGroup(name, members, entitlements));
        return { display_name: name };
      },
    },
    {
      method: 'POST',
      path: 'service-principals',
      does: 'Adds a service principal and answers its OAuth secret, for clients that sign in with client credentials',
      takes: { display_name: 'provisioner', groups: ['admins'] },
      handle(call) {
        const { display_name: name, groups } = readControlBody(servicePrincipal, call);
        const { clientId, clientSecret } = acts.addServicePrincipal(name, groups);
        return { display_name: name, client_id: clientId, client_secret: clientSecret };
      },
    },
  ];
}
