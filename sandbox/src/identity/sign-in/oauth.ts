import { basicCredentials } from './basic-credentials.ts';
import type { Principal } from '../principals.ts';
import type { OpenCall, Reply, Route } from '../../http/router.ts';
import { ok } from '../../http/router.ts';
import type { Workspace } from '../../workspace.ts';

const LIFETIME_SECONDS = 3_600;

/**
 * What a client needs to sign in: where the workspace's OAuth server is, and tokens for service principals and for
 * who signed in.
 */
export function oauthRoutes(workspace: Workspace): Route[] {
  return [
    {
      method: 'GET',
      path: '/oidc/.well-known/oauth-authorization-server',
      does: 'Tells where the OAuth endpoints of the workspace are',
      source: 'docs/facts/sdk.md section 1.11',
      access: 'open',
      handle: () =>
        ok({
          issuer: `${workspace.url()}/oidc`,
          authorization_endpoint: `${workspace.url()}/oidc/v1/authorize`,
          token_endpoint: `${workspace.url()}/oidc/v1/token`,
          grant_types_supported: ['client_credentials', 'authorization_code', 'refresh_token'],
          response_types_supported: ['code'],
          code_challenge_methods_supported: ['S256'],
          token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
          scopes_supported: ['all-apis', 'offline_access'],
        }),
    },
    {
      method: 'POST',
      path: '/oidc/v1/token',
      does: 'Gives a service principal, or who signed in, a token that lasts an hour',
      source: 'docs/facts/sdk.md section 1.12',
      body: 'form',
      access: 'open',
      handle: (call) => token(workspace, call),
    },
    {
      method: 'GET',
      path: '/.well-known/databricks-config',
      does: 'Tells clients what kind of host this is',
      source: 'docs/facts/ssh-and-claude.md section 2.1',
      access: 'open',
      handle: () =>
        ok({
          oidc_endpoint: `${workspace.url()}/oidc`,
          workspace_id: workspace.id,
          cloud: 'azure',
          host_type: 'workspace',
        }),
    },
  ];
}

function token(workspace: Workspace, call: OpenCall): Reply {
  const form = new URLSearchParams(call.bytes.toString());
  const { signIns } = workspace;
  const field = (name: string): string => form.get(name) ?? '';
  switch (field('grant_type')) {
    case 'client_credentials': {
      const [clientId = '', secret = ''] = basicCredentials(call.headers.authorization)?.map(formDecode) ?? [
        field('client_id'),
        field('client_secret'),
      ];
      const who = workspace.clientSecrets.ownerOf(clientId, secret, call.at);
      return who
        ? granted(workspace, call, who, { scope: field('scope') || 'all-apis' })
        : refusal(401, 'invalid_client', 'Client authentication failed');
    }
    case 'authorization_code': {
      const clientId = field('client_id');
      const who = signIns.redeem(
        field('code'),
        { clientId, redirectUri: field('redirect_uri'), verifier: field('code_verifier') },
        call.at,
      );
      if (!who)
        return refusal(400, 'invalid_grant', 'The authorization code is wrong, used up or too old: sign in again');
      return granted(workspace, call, who, {
        scope: 'all-apis offline_access',
        refresh_token: signIns.refreshTokenFor(who, clientId),
      });
    }
    case 'refresh_token': {
      const who = signIns.byRefreshToken(field('refresh_token'), field('client_id'));
      if (!who) return refusal(400, 'invalid_grant', 'The refresh token is wrong, or its user has left: sign in again');
      return granted(workspace, call, who, { scope: 'all-apis offline_access', refresh_token: field('refresh_token') });
    }
    default:
      return refusal(
        400,
        'unsupported_grant_type',
        'The sandbox knows the grant types client_credentials, authorization_code and refresh_token only',
      );
  }
}

function granted(workspace: Workspace, call: OpenCall, who: Principal, more: Readonly<Record<string, string>>): Reply {
  const { value } = workspace.tokens.mint(who, call.at, {
    kind: 'oauth',
    expiresAt: call.at + LIFETIME_SECONDS * 1_000,
  });
  return {
    ...ok({ access_token: value, token_type: 'Bearer', expires_in: LIFETIME_SECONDS, ...more }),
    headers: { 'cache-control': 'no-store' },
  };
}

/** OAuth has an error body of its own. */
const refusal = (status: number, error: string, description: string): Reply => ({
  status,
  json: { error, error_description: description },
});

/** OAuth clients form-encode both halves of Basic credentials. */
function formDecode(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    return part;
  }
}
