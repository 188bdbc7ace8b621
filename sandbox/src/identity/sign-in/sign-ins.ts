import { createHash } from 'node:crypto';
import { randomHex } from '../../random.ts';
import type { Kept } from '../../state/kept.ts';
import type { Principal, Principals } from '../principals.ts';

const CODE_MS = 10 * 60_000;

/** What a client asked for when it sent its user to sign in. */
export interface SignInRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  /** PKCE with S256: the hash of what only the client knows. */
  readonly challenge: string;
}

interface SignInsState {
  readonly codes: Map<string, SignInRequest & { readonly who: Principal; readonly expiresAt: number }>;
  readonly refreshTokens: Map<string, { readonly who: Principal; readonly clientId: string }>;
}

/** People who signed in with a browser: codes that are good once, and the refresh tokens they led to. */
export class SignIns implements Kept<SignInsState> {
  readonly #principals: Principals;
  #codes: SignInsState['codes'] = new Map();
  #refreshTokens: SignInsState['refreshTokens'] = new Map();

  constructor(principals: Principals) {
    this.#principals = principals;
  }

  state(): SignInsState {
    return { codes: this.#codes, refreshTokens: this.#refreshTokens };
  }

  restore({ codes, refreshTokens }: SignInsState): void {
    this.#codes = codes;
    this.#refreshTokens = refreshTokens;
  }

  /** A code for the client, good for ten minutes. @param at the sandbox's epoch milliseconds. */
  begin(who: Principal, request: SignInRequest, at: number): string {
    for (const [code, { expiresAt }] of this.#codes) if (expiresAt <= at) this.#codes.delete(code);
    const code = randomHex();
    this.#codes.set(code, { ...request, who, expiresAt: at + CODE_MS });
    return code;
  }

  /** Who the code stands for; undefined when it is used up, too old, or was given to another client. */
  redeem(
    code: string,
    given: { readonly clientId: string; readonly redirectUri: string; readonly verifier: string },
    at: number,
  ): Principal | undefined {
    const known = this.#codes.get(code);
    this.#codes.delete(code);
    if (!known || known.expiresAt <= at || known.clientId !== given.clientId || known.redirectUri !== given.redirectUri)
      return undefined;
    if (createHash('sha256').update(given.verifier).digest('base64url') !== known.challenge) return undefined;
    return this.#present(known.who);
  }

  /** What gets the client new access tokens as long as its user is in the workspace. */
  refreshTokenFor(who: Principal, clientId: string): string {
    const value = `dorf${randomHex()}`;
    this.#refreshTokens.set(value, { who, clientId });
    return value;
  }

  /** Whose refresh token this is; undefined when it is wrong. */
  byRefreshToken(value: string, clientId: string): Principal | undefined {
    const known = this.#refreshTokens.get(value);
    return known?.clientId === clientId ? this.#present(known.who) : undefined;
  }

  #present(who: Principal): Principal | undefined {
    return this.#principals.byId(who.id) === who && who.active ? who : undefined;
  }
}
