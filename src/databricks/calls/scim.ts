import { z } from 'zod';
import { readJson, relyOn, unexpected } from './json-answers.ts';
import { listOf, maybe } from './fields.ts';
import { scimPages } from '../transport/paging.ts';
import { nameOf, type CallOptions, type Transport } from '../transport/transport.ts';

const SCIM = '/api/2.0/preview/scim/v2';

const values = listOf(z.looseObject({ value: maybe(z.string()) })).transform((list) =>
  list.flatMap(({ value }) => value ?? []),
);
const references = listOf(z.looseObject({ value: maybe(z.string()), display: maybe(z.string()) })).transform((list) =>
  list.map(({ value, display }) => ({ ...(value !== undefined && { id: value }), name: display ?? value ?? '' })),
);

const wireUser = z.looseObject({
  id: z.string().min(1),
  userName: z.string().min(1),
  active: maybe(z.boolean()),
  displayName: maybe(z.string()),
  emails: values,
  entitlements: values,
  groups: references,
});
const wireGroup = z.looseObject({
  id: z.string().min(1),
  displayName: z.string(),
  entitlements: values,
  members: references,
});

export interface GroupReference {
  readonly id?: string;
  readonly name: string;
}

/** A service principal has its application id as userName. */
export interface CurrentUser {
  readonly id: string;
  readonly userName: string;
  readonly displayName?: string;
  readonly groups: GroupReference[];
  /** Its own; what a group gives is not among them (docs/facts/databricks-workspace.md section 10). */
  readonly entitlements: string[];
  /** Identifies the workspace whatever address it is reached by. */
  readonly workspaceId: string;
}

/**
 * Entitlements that come through a group are not among the user's own (docs/facts/databricks-workspace.md section 10).
 */
export interface ScimUser {
  readonly id: string;
  readonly userName: string;
  readonly displayName?: string;
  /** A user who is not said to be inactive is active. */
  readonly active: boolean;
  readonly emails: string[];
  readonly entitlements: string[];
  readonly groups: GroupReference[];
}

export interface ScimGroup {
  readonly id: string;
  readonly name: string;
  readonly entitlements: string[];
  readonly members: GroupReference[];
}

export interface Directory {
  currentUser: { me(options?: CallOptions): Promise<CurrentUser> };
  users: { list(options?: CallOptions): AsyncIterable<ScimUser> };
  groups: { list(options?: CallOptions): AsyncIterable<ScimGroup> };
}

/** Workspace SCIM (docs/facts/databricks-workspace.md section 10). */
export function directory(transport: Transport, host: string): Directory {
  return {
    currentUser: {
      async me(options) {
        const call = { method: 'GET', path: `${SCIM}/Me`, ...options } as const;
        const answer = await transport.succeed(call);
        const name = nameOf(call);
        const user = relyOn(
          wireUser,
          readJson(name, answer.status, answer.bytes.toString('utf8')),
          name,
          answer.status,
        );
        const workspaceId = answer.header('x-databricks-org-id') ?? workspaceIdIn(host);
        if (workspaceId === undefined)
          throw unexpected(
            name,
            answer.status,
            'the answer does not say which workspace this is (X-Databricks-Org-Id)',
          );
        return {
          id: user.id,
          userName: user.userName,
          ...named(user.displayName),
          groups: user.groups,
          entitlements: user.entitlements,
          workspaceId,
        };
      },
    },
    users: {
      async *list(options) {
        const query = { attributes: 'id,userName,displayName,active,emails,entitlements,groups' };
        for await (const user of scimPages(
          transport,
          { method: 'GET', path: `${SCIM}/Users`, query, ...options },
          wireUser,
        )) {
          const { id, userName, emails, entitlements, groups } = user;
          yield {
            id,
            userName,
            ...named(user.displayName),
            active: user.active !== false,
            emails,
            entitlements,
            groups,
          };
        }
      },
    },
    groups: {
      async *list(options) {
        const query = { attributes: 'id,displayName,entitlements,members' };
        for await (const { id, displayName, entitlements, members } of scimPages(
          transport,
          { method: 'GET', path: `${SCIM}/Groups`, query, ...options },
          wireGroup,
        )) {
          yield { id, name: displayName, entitlements, members };
        }
      },
    },
  };
}

/** Azure puts the workspace id into the address: adb-<id>.<n>.azuredatabricks.net. */
function workspaceIdIn(host: string): string | undefined {
  return /^https:\/\/adb-(\d+)\.\d+\.(?:azuredatabricks\.net|databricks\.azure\.(?:us|cn))$/.exec(host)?.[1];
}

function named(displayName: string | undefined): { displayName?: string } {
  return displayName === undefined ? {} : { displayName };
}
