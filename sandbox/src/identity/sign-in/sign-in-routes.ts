import { ApiError, invalidParameter } from '../../http/errors.ts';
import type { Reply, Route } from '../../http/router.ts';
import type { Workspace } from '../../workspace.ts';
import { authenticate } from './authenticate.ts';
import { signInPage } from './sign-in-page.ts';
import type { SignInRequest } from './sign-ins.ts';

const PATH = '/oidc/v1/authorize';
const FIELDS = [
  'client_id',
  'redirect_uri',
  'response_type',
  'state',
  'code_challenge',
  'code_challenge_method',
  'scope',
];

/** Signing in with a browser, as `databricks auth login` has its user do: OAuth's authorization code with PKCE. */
export function signInRoutes(workspace: Workspace): Route[] {
  return [
    {
      method: 'GET',
      path: PATH,
      does: 'Shows the page where a person signs in for a client',
      source: 'databricks CLI, auth login',
      access: 'open',
      handle(call) {
        requestIn(call.query);
        return page(200, call.query);
      },
    },
    {
      method: 'POST',
      path: PATH,
      does: 'Signs a person in, and sends the browser back to the client with a code',
      source: 'databricks CLI, auth login',
      body: 'form',
      access: 'open',
      handle(call) {
        const form = new URLSearchParams(call.bytes.toString());
        const request = requestIn(form);
        try {
          const who = authenticate(workspace, `Bearer ${(form.get('token') ?? '').trim()}`);
          const back = new URL(request.redirectUri);
          back.searchParams.set('code', workspace.signIns.begin(who, request, call.at));
          back.searchParams.set('state', form.get('state') ?? '');
          return { status: 303, headers: { location: back.href, 'cache-control': 'no-store' } };
        } catch (error) {
          if (error instanceof ApiError) return page(error.status, form, error.message);
          throw error;
        }
      },
    },
  ];
}

/**
 * @throws 400 for what is no request to sign in. Browsers are sent back to this computer only, so that no page
 * elsewhere gets a code.
 */
function requestIn(given: URLSearchParams): SignInRequest {
  const redirectUri = given.get('redirect_uri') ?? '';
  const clientId = given.get('client_id') ?? '';
  const challenge = given.get('code_challenge') ?? '';
  if (given.get('response_type') !== 'code')
    throw invalidParameter("Invalid value for parameter 'response_type': only code is known");
  if (clientId === '' || challenge === '' || given.get('code_challenge_method') !== 'S256')
    throw invalidParameter('client_id, code_challenge and code_challenge_method=S256 must be given');
  const target = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  if (target?.protocol !== 'http:' || !['localhost', '127.0.0.1', '[::1]'].includes(target.hostname))
    throw invalidParameter("Invalid value for parameter 'redirect_uri': only addresses of this computer are known");
  return { clientId, redirectUri, challenge };
}

function page(status: number, given: URLSearchParams, trouble?: string): Reply {
  const fields = Object.fromEntries(FIELDS.flatMap((name) => (given.has(name) ? [[name, given.get(name) ?? '']] : [])));
  return {
    status,
    bytes: Buffer.from(signInPage(fields, trouble)),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    },
  };
}
