import { randomHex } from '../random.ts';
import type { Kept } from '../state/kept.ts';
import type { Principal } from './principals.ts';

/** A token without its value, which is told once and kept nowhere else. Times in the sandbox's epoch milliseconds. */
export interface AccessToken {
  readonly id: string;
  /** Personal ones are listed to their owners; OAuth tokens and those of running work are not. */
  readonly kind: 'personal' | 'oauth' | 'work';
  readonly owner: Principal;
  comment: string;
  readonly createdAt: number;
  /** Infinity when it never expires. */
  readonly expiresAt: number;
  /** What it is good for; undefined: for all that its owner may do. */
  readonly scopes?: readonly string[] | undefined;
}

/** What may be said about a new token. By default a personal one that never expires. */
export interface NewToken {
  readonly kind?: AccessToken['kind'];
  readonly comment?: string | undefined;
  readonly expiresAt?: number | undefined;
  readonly scopes?: readonly string[] | undefined;
}

/** By their values. */
type TokensState = Map<string, AccessToken>;

/** The tokens that let clients in. */
export class Tokens implements Kept<TokensState> {
  #byValue: TokensState = new Map();

  state(): TokensState {
    return this.#byValue;
  }

  /** Work on nodes ended with the sandbox, and with it what its tokens were for. */
  restore(state: TokensState): void {
    this.#byValue = new Map([...state].filter(([, { kind }]) => kind !== 'work'));
  }

  /** A new token and the secret that it is. @param at when, in the sandbox's epoch milliseconds. */
  mint(
    owner: Principal,
    at: number,
    { kind = 'personal', comment = '', expiresAt = Number.POSITIVE_INFINITY, scopes }: NewToken = {},
  ): { readonly value: string; readonly token: AccessToken } {
    const value = `dapi${randomHex()}`;
    const token: AccessToken = {
      id: randomHex() + randomHex(),
      kind,
      owner,
      comment,
      createdAt: at,
      expiresAt,
      ...(scopes === undefined ? {} : { scopes }),
    };
    this.#byValue.set(value, token);
    return { value, token };
  }

  /** The token with this value, expired or not; undefined when there is none or it was revoked. */
  byValue(value: string): AccessToken | undefined {
    return this.#byValue.get(value);
  }

  /** The personal ones, oldest first; expired ones stay listed until they are revoked. */
  personal(): AccessToken[] {
    return [...this.#byValue.values()].filter(({ kind }) => kind === 'personal');
  }

  revoke(token: AccessToken): void {
    for (const [value, known] of this.#byValue) if (known === token) this.#byValue.delete(value);
  }

  /** Every token of somebody who leaves the workspace. */
  revokeAllOf(owner: Principal): void {
    for (const [value, token] of this.#byValue) if (token.owner === owner) this.#byValue.delete(value);
  }
}
