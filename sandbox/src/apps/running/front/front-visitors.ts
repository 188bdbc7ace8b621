import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Principal } from '../../../identity/principals.ts';
import type { SignIns } from '../../../identity/sign-in/sign-ins.ts';
import type { Tokens } from '../../../identity/tokens.ts';
import { randomHex } from '../../../random.ts';
import type { App } from '../../app-model.ts';
import { effectiveScopes } from '../../app-view.ts';

export const CALLBACK = '/.auth/callback';

/** Begins the name of every cookie of these: one computer's ports share their cookies. */
const COOKIE = 'databricks-app-session-';
/** Whoever asks without a sign-in begins one. */
const MOST_BEGUN = 1_000;

/** About as long as a real one (docs/facts/apps.md section 3). */
const LASTS_MS = 60 * 60_000;

/** What the front of an app needs to know who is there. */
export interface VisitorsWorld {
  readonly tokens: Tokens;
  readonly signIns: SignIns;
  url(): string;
}

/**
 * Who visits an app: a program with an OAuth token, or a browser whose person has signed in to the workspace. A
 * personal access token, and one of work on a cluster, is sent to the sign-in like no token at all (docs/facts/apps.md
 * section 3; docs/facts/apps-clients.md section 9 leaves the latter open).
 */
export class FrontVisitors {
  readonly #world: VisitorsWorld;
  readonly #app: App;
  readonly #begun = new Map<string, { readonly verifier: string; readonly path: string }>();
  readonly #sessions = new Map<string, Principal>();
  readonly #tokens = new Map<
    Principal,
    { readonly value: string; readonly expiresAt: number; readonly scopes: string }
  >();

  constructor(world: VisitorsWorld, app: App) {
    this.#world = world;
    this.#app = app;
  }

  /** Undefined for who has not signed in, or may not any more. @param at the sandbox's epoch milliseconds. */
  of({ headers }: IncomingMessage, at: number): Principal | undefined {
    const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    const token = bearer === undefined ? undefined : this.#world.tokens.byValue(bearer);
    if (token) {
      const opens = token.kind === 'oauth' && token.scopes === undefined && token.expiresAt > at;
      return opens && token.owner.active ? token.owner : undefined;
    }
    const who = this.#sessions.get(cookieOf(headers.cookie, this.#cookie) ?? '');
    return who?.active ? who : undefined;
  }

  /**
   * With what the app asks for its visitor: a token for an hour, not renewed before it expires, where it has scopes
   * of its own (docs/facts/apps.md section 3). Undefined where it has none, or the token is switched off.
   */
  tokenFor(visitor: Principal, at: number): string | undefined {
    const { user_api_scopes: asked = [], forward_user_access_token: isForwarded = true } = this.#app.fields;
    if (!isForwarded || asked.length === 0) return undefined;
    const scopes = effectiveScopes(this.#app);
    const known = this.#tokens.get(visitor);
    const isGood = known && known.expiresAt > at && known.scopes === scopes.join(' ');
    // One that was revoked with its owner's other tokens is none any more.
    if (isGood && this.#world.tokens.byValue(known.value)) return known.value;
    const expiresAt = at + LASTS_MS;
    const { value } = this.#world.tokens.mint(visitor, at, { kind: 'oauth', expiresAt, scopes });
    this.#tokens.set(visitor, { value, expiresAt, scopes: scopes.join(' ') });
    return value;
  }

  /** The address where a browser signs in, to come back to `path`. */
  signInAt(path: string): string {
    const state = randomHex();
    const verifier = randomHex() + randomHex();
    for (const oldest of this.#begun.keys()) {
      if (this.#begun.size < MOST_BEGUN) break;
      this.#begun.delete(oldest);
    }
    this.#begun.set(state, { verifier, path });
    const query = new URLSearchParams({
      client_id: this.#app.oauthClientId,
      redirect_uri: this.#callback,
      response_type: 'code',
      scope: 'all-apis offline_access',
      state,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    return `${this.#world.url()}/oidc/v1/authorize?${query.toString()}`;
  }

  /** Who comes back from there: the cookie to give them and where they wanted to go; undefined: it is no sign-in. */
  arrived(query: URLSearchParams, at: number): { readonly cookie: string; readonly path: string } | undefined {
    const state = query.get('state') ?? '';
    const begun = this.#begun.get(state);
    this.#begun.delete(state);
    const who =
      begun &&
      this.#world.signIns.redeem(
        query.get('code') ?? '',
        { clientId: this.#app.oauthClientId, redirectUri: this.#callback, verifier: begun.verifier },
        at,
      );
    if (!who) return undefined;
    const session = randomHex() + randomHex();
    this.#sessions.set(session, who);
    return {
      cookie: `${this.#cookie}=${session}; Path=/; HttpOnly; SameSite=Lax`,
      path: begun.path.replace(/^\/+/, '/'),
    };
  }

  get #cookie(): string {
    return `${COOKIE}${this.#app.name}`;
  }

  get #callback(): string {
    return `${this.#app.address}${CALLBACK}`;
  }
}

/** The cookies of a request without those of any app's front. */
export const withoutSessions = (cookies: string): string =>
  cookies
    .split(/;\s*/)
    .filter((cookie) => !cookie.startsWith(COOKIE))
    .join('; ');

function cookieOf(cookies: string | undefined, name: string): string | undefined {
  const found = cookies?.split(/;\s*/).find((cookie) => cookie.startsWith(`${name}=`));
  return found?.slice(name.length + 1);
}
