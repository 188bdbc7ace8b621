import { z } from 'zod';
import { ApiError, invalidParameter, notFound } from '../../http/errors.ts';
import { readBody, text } from '../../http/request-body.ts';
import { ok } from '../../http/router.ts';
import type { Call, Route } from '../../http/router.ts';
import type { Workspace } from '../../workspace.ts';
import type { ClientSecret } from './client-secrets.ts';
import type { Principal } from '../principals.ts';
import { requireAdmin } from '../require-admin.ts';

const SDK = 'Python SDK, ServicePrincipalSecretsProxyAPI';

const PATH = '/api/2.0/accounts/servicePrincipals/:id/credentials/secrets';
const LONGEST_SECONDS = 730 * 86_400;
const MOST_SECRETS = 5;

const createBody = z.object({ lifetime: text.regex(/^\d{1,10}s$/, "must be seconds, such as '3600s'").optional() });

/** OAuth secrets of service principals, made by admins: a client signs in with them at the token endpoint. */
export function clientSecretRoutes(workspace: Workspace): Route[] {
  const { clientSecrets, principals } = workspace;

  const owner = (call: Call): Principal => {
    requireAdmin(workspace, call, 'manage the secrets of service principals');
    const found = principals.byId(call.params['id'] ?? '');
    if (found?.kind !== 'service-principal')
      throw notFound(`Service principal with id ${call.params['id']} not found.`);
    return found;
  };

  return [
    {
      method: 'POST',
      path: PATH,
      does: 'Makes an OAuth secret for a service principal',
      source: SDK,
      handle(call) {
        const body = readBody(createBody, call.json);
        const principal = owner(call);
        const seconds = body.lifetime === undefined ? LONGEST_SECONDS : Number(body.lifetime.slice(0, -1));
        if (seconds < 1 || seconds > LONGEST_SECONDS)
          throw invalidParameter(`lifetime must be between 1s and ${LONGEST_SECONDS}s`);
        if (clientSecrets.of(principal).length >= MOST_SECRETS) {
          throw new ApiError({
            status: 400,
            errorCode: 'QUOTA_EXCEEDED',
            message:
              `Service principal ${principal.id} has ${MOST_SECRETS} secrets, the most it may have. ` +
              'Delete one first.',
          });
        }
        const { value, secret } = clientSecrets.create(principal, call.at, call.at + seconds * 1_000);
        return ok({ ...view(secret, call.at), secret: value });
      },
    },
    {
      method: 'GET',
      path: PATH,
      does: 'Lists the OAuth secrets of a service principal, without their values',
      source: SDK,
      handle(call) {
        const all = clientSecrets.of(owner(call));
        return ok(all.length > 0 ? { secrets: all.map((secret) => view(secret, call.at)) } : {});
      },
    },
    {
      method: 'DELETE',
      path: `${PATH}/:secret`,
      does: 'Deletes an OAuth secret of a service principal',
      source: SDK,
      handle(call) {
        const found = clientSecrets.of(owner(call)).find(({ id }) => id === call.params['secret']);
        if (!found) throw notFound(`Secret ${call.params['secret']} does not exist.`);
        clientSecrets.revoke(found);
        return ok({});
      },
    },
  ];
}

function view(secret: ClientSecret, at: number): Record<string, unknown> {
  const created = new Date(secret.createdAt).toISOString();
  return {
    id: secret.id,
    secret_hash: secret.hash,
    create_time: created,
    update_time: created,
    ...(Number.isFinite(secret.expiresAt) ? { expire_time: new Date(secret.expiresAt).toISOString() } : {}),
    status: secret.expiresAt > at ? 'ACTIVE' : 'EXPIRED',
  };
}
