import { createHash, randomUUID } from 'node:crypto';
import { randomHex } from '../../random.ts';
import type { Kept } from '../../state/kept.ts';
import type { Principal } from '../principals.ts';

/** An OAuth secret of a service principal. Only its hash is kept. */
export interface ClientSecret {
  readonly id: string;
  readonly owner: Principal;
  /** SHA-256 in hexadecimal digits. */
  readonly hash: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** What service principals sign in with at the OAuth token endpoint. */
export class ClientSecrets implements Kept<readonly ClientSecret[]> {
  #all: readonly ClientSecret[] = [];

  state(): readonly ClientSecret[] {
    return this.#all;
  }

  restore(state: readonly ClientSecret[]): void {
    this.#all = state;
  }

  /** A new secret, told once. Times in the sandbox's epoch milliseconds. */
  create(
    owner: Principal,
    at: number,
    expiresAt = Number.POSITIVE_INFINITY,
  ): { readonly value: string; readonly secret: ClientSecret } {
    const value = `dose${randomHex()}`;
    const secret: ClientSecret = { id: randomUUID(), owner, hash: hashOf(value), createdAt: at, expiresAt };
    this.#all = [...this.#all, secret];
    return { value, secret };
  }

  of(owner: Principal): ClientSecret[] {
    return this.#all.filter((secret) => secret.owner === owner);
  }

  /** Whose secret this is; undefined when it is wrong or has expired. */
  ownerOf(clientId: string, value: string, at: number): Principal | undefined {
    const hash = hashOf(value);
    return this.#all.find(
      (secret) => secret.hash === hash && secret.expiresAt > at && secret.owner.userName === clientId.toLowerCase(),
    )?.owner;
  }

  revoke(secret: ClientSecret): void {
    this.#all = this.#all.filter((one) => one !== secret);
  }

  revokeAllOf(owner: Principal): void {
    this.#all = this.#all.filter((secret) => secret.owner !== owner);
  }
}

const hashOf = (value: string): string => createHash('sha256').update(value).digest('hex');
