import { z } from 'zod';
import { fromBase64 } from '../http/base64.ts';
import { invalidParameter, malformedRequest } from '../http/errors.ts';
import { queryText, readBody } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

const LARGEST_VALUE = 128 * 1_024;
const name = z
  .string()
  .regex(/^[\w.@-]{1,128}$/, 'must be 1 to 128 letters, digits, dashes, underscores, @ and periods');

const createBody = z.object({
  scope: name,
  initial_manage_principal: z.string().optional(),
  scope_backend_type: z.string().default('DATABRICKS'),
});
const scopeBody = z.object({ scope: z.string() });
const keyBody = z.object({ scope: z.string(), key: z.string() });
const putBody = z.object({
  scope: z.string(),
  key: name,
  string_value: z.string().optional(),
  bytes_value: z.string().optional(),
});

const SCOPES = '/api/2.0/secrets/scopes';
const SECRETS = '/api/2.0/secrets';
const SOURCE = 'docs/facts/ssh-and-claude.md section 2';

/** Secret scopes and secrets. */
export function secretRoutes(workspace: Workspace): Route[] {
  const { secretScopes } = workspace;

  return [
    {
      does: 'Creates a secret scope, which whoever asks may manage',
      source: 'docs/facts/databricks.md section 1, docs/facts/databricks-workspace.md section 11',
      method: 'POST',
      path: `${SCOPES}/create`,
      handle(call) {
        const body = readBody(createBody, call.json);
        if (body.scope_backend_type !== 'DATABRICKS')
          throw invalidParameter('The sandbox has no Azure Key Vault: use scope_backend_type DATABRICKS.');
        const everybody = body.initial_manage_principal;
        if (everybody !== undefined && everybody !== 'users')
          throw invalidParameter("Invalid value for initial_manage_principal: only the group 'users' can be named.");
        secretScopes.create(body.scope, everybody ?? call.caller.userName);
        return ok({});
      },
    },
    {
      does: 'Lists the secret scopes that whoever asks may read',
      source: 'docs/facts/ssh-and-claude.md section 4',
      method: 'GET',
      path: `${SCOPES}/list`,
      handle(call) {
        const scopes = secretScopes
          .readableBy(call.caller)
          .map((scope) => ({ name: scope.name, backend_type: 'DATABRICKS' }));
        return ok(scopes.length === 0 ? {} : { scopes });
      },
    },
    {
      does: 'Removes a secret scope with everything in it',
      source: SOURCE,
      method: 'POST',
      path: `${SCOPES}/delete`,
      handle(call) {
        secretScopes.remove(secretScopes.require(call.caller, readBody(scopeBody, call.json).scope, 'MANAGE'));
        return ok({});
      },
    },
    {
      does: 'Keeps a secret in a scope, in place of one with the same key',
      source: SOURCE,
      method: 'POST',
      path: `${SECRETS}/put`,
      handle(call) {
        const body = readBody(putBody, call.json);
        const scope = secretScopes.require(call.caller, body.scope, 'WRITE');
        secretScopes.put(scope, body.key, valueOf(body), call.at);
        return ok({});
      },
    },
    {
      does: 'Reads a secret, as base64',
      source: SOURCE,
      method: 'GET',
      path: `${SECRETS}/get`,
      handle(call) {
        const scope = secretScopes.require(call.caller, queryText(call.query, 'scope'), 'READ');
        const key = queryText(call.query, 'key');
        return ok({ key, value: secretScopes.secret(scope, key).value.toString('base64') });
      },
    },
    {
      does: 'Lists the keys of the secrets in a scope',
      source: SOURCE,
      method: 'GET',
      path: `${SECRETS}/list`,
      handle(call) {
        const { secrets } = secretScopes.require(call.caller, queryText(call.query, 'scope'), 'READ');
        const keys = [...secrets].sort(([a], [b]) => (a < b ? -1 : 1));
        return ok(
          keys.length === 0
            ? {}
            : { secrets: keys.map(([key, { updatedAt }]) => ({ key, last_updated_timestamp: updatedAt })) },
        );
      },
    },
    {
      does: 'Removes a secret',
      source: SOURCE,
      method: 'POST',
      path: `${SECRETS}/delete`,
      handle(call) {
        const body = readBody(keyBody, call.json);
        const scope = secretScopes.require(call.caller, body.scope, 'WRITE');
        secretScopes.secret(scope, body.key);
        scope.secrets.delete(body.key);
        return ok({});
      },
    },
  ];
}

/** @throws 400; no error tells anything of the value. */
function valueOf(body: z.output<typeof putBody>): Buffer {
  if ((body.string_value === undefined) === (body.bytes_value === undefined))
    throw malformedRequest('Exactly one of string_value and bytes_value must be given.');
  const value = body.bytes_value === undefined ? Buffer.from(body.string_value ?? '') : fromBase64(body.bytes_value);
  if (!value) throw malformedRequest('The field bytes_value is not valid base64.');
  if (value.length > LARGEST_VALUE)
    throw invalidParameter(`The value of a secret must be at most ${LARGEST_VALUE} bytes long, got ${value.length}.`);
  return value;
}
