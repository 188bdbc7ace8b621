import { basicCredentials } from './basic-credentials.ts';
import type { OpenCall, Reply, Route } from '../http/router.ts';
import { ok } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

const LIFETIME_SECONDS = 3_600;

/** What a client needs to sign in: where the workspace's OAuth server is, and tokens for service principals (client credentials). */
export function oauthRoutes(workspace: Workspace): Route[] {
  return [
    {
      method: 'GET',
      path: '/oidc/.well-known/oauth-authorization-server',
      does: 'Tells where the OAuth endpoints of the workspace are',
      source: 'facts/databricks.md section 13, item 11',
      access: 'open',
      handle: () =>
        ok({
          issuer: `${workspace.url()}/oidc`,
          authorization_endpoint: `${workspace.url()}/oidc/v1/authorize`,
          token_endpoint: `${workspace.url()}/oidc/v1/token`,
          grant_types_supported: ['client_credentials'],
          token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
          scopes_supported: ['all-apis', 'offline_access'],
        }),
    },
    {
      method: 'POST',
      path: '/oidc/v1/token',
      does: 'Gives a service principal a token that lasts an hour',
      source: 'facts/databricks.md section 13, item 12',
      body: 'bytes',
      access: 'open',
      handle: (call) => token(workspace, call),
    },
    {
      method: 'GET',
      path: '/.well-known/databricks-config',
      does: 'Tells clients what kind of host this is',
      source: 'facts/ssh-and-claude.md, SSH tunnel, step 1',
      access: 'open',
      handle: () => ok({ oidc_endpoint: `${workspace.url()}/oidc`, workspace_id: workspace.id, cloud: 'azure', host_type: 'workspace' }),
    },
  ];
}

function token(workspace: Workspace, call: OpenCall): Reply {
  const form = new URLSearchParams(call.bytes.toString());
  if (form.get('grant_type') !== 'client_credentials') return refusal(400, 'unsupported_grant_type', 'The sandbox knows the grant type client_credentials only');
  const [clientId = '', secret = ''] = basicCredentials(call.headers.authorization)?.map(formDecode) ?? [form.get('client_id') ?? '', form.get('client_secret') ?? ''];
  const principal = workspace.clientSecrets.ownerOf(clientId, secret, call.at);
  if (!principal) return refusal(401, 'invalid_client', 'Client authentication failed');
  const { value } = workspace.tokens.mint(principal, call.at, { kind: 'oauth', expiresAt: call.at + LIFETIME_SECONDS * 1_000 });
  return ok({ access_token: value, token_type: 'Bearer', expires_in: LIFETIME_SECONDS, scope: form.get('scope') ?? 'all-apis' });
}

/** OAuth has an error body of its own. */
const refusal = (status: number, error: string, description: string): Reply => ({ status, json: { error, error_description: description } });

/** OAuth clients form-encode both halves of Basic credentials. */
function formDecode(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    return part;
  }
}
