import { ConnectError, DatabricksError, UnreachableError } from '../transport/errors.ts';
import { redact } from '../transport/redaction.ts';
import type { SignIn } from './sign-in.ts';

/** Headers that prove who is calling, and which sign-in they come from. */
export interface SignInHeaders {
  readonly headers: readonly [string, string][];
  readonly generation: number;
}

/** The longest that callers wait for a token; the SDK itself has no limit (docs/facts/sdk.md section 1). */
const TOKEN_MS = 20_000;

/** Gives every call its proof of identity: one token fetch at a time, however many ask, and none without an end. */
export class Authentication {
  readonly #begin: () => SignIn;
  readonly #tokenMs: number;
  #signIn: SignIn;
  #generation = 0;
  #underWay: Promise<SignInHeaders> | undefined;
  #latest: SignInHeaders | undefined;

  constructor(begin: () => SignIn, tokenMs = TOKEN_MS) {
    this.#begin = begin;
    this.#tokenMs = tokenMs;
    this.#signIn = begin();
  }

  /** How it signs in, like `pat` or `oauth-m2m`; `unknown` before the first call. */
  get kind(): string {
    return this.#signIn.authType;
  }

  /** Everything that must not be seen in an error: configured secrets, and the token now in use. */
  secrets(): string[] {
    return [...this.#signIn.secrets(), ...(this.#latest?.headers ?? []).map(([, value]) => value.replace(/^\w+ /, ''))];
  }

  /**
   * The proof for one call. Aborting gives up the wait of this caller only.
   * @throws {DatabricksError} 401 UNAUTHENTICATED, or the token endpoint's own answer; {@link UnreachableError};
   * {@link ConnectError}.
   */
  async prove(call: string, signal?: AbortSignal): Promise<SignInHeaders> {
    // Before anything begins: a fetch that nobody waits for would fail unheard and end the process.
    signal?.throwIfAborted();
    this.#underWay ??= this.#begun(call);
    return unlessAborted(this.#underWay, signal);
  }

  /**
   * After a refusal: forgets the token that was refused by signing in anew, once for all who were refused
   * with it, and returns a proof; undefined when it would be the very same (a personal access token).
   */
  async renew(call: string, refused: SignInHeaders, signal?: AbortSignal): Promise<SignInHeaders | undefined> {
    if (refused.generation === this.#generation) {
      this.#generation += 1;
      this.#signIn = this.#begin();
      this.#underWay = undefined;
    }
    const proof = await this.prove(call, signal);
    return JSON.stringify(proof.headers) === JSON.stringify(refused.headers) ? undefined : proof;
  }

  #begun(call: string): Promise<SignInHeaders> {
    const underWay = this.#fetch(call).finally(() => {
      if (this.#underWay === underWay) this.#underWay = undefined;
    });
    return underWay;
  }

  async #fetch(call: string): Promise<SignInHeaders> {
    const signIn = this.#signIn;
    const generation = this.#generation;
    const { promise: silence, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(
        new UnreachableError(
          call,
          'TOKEN_TIMEOUT',
          false,
          `signing in took longer than ${this.#tokenMs / 1_000} s. ` +
            'Check the way to the sign-in service, or whether `az` works on its own.',
          undefined,
        ),
      );
    }, this.#tokenMs);
    try {
      const headers = await Promise.race([signIn.authenticate(), silence]);
      this.#latest = { headers, generation };
      return this.#latest;
    } catch (error) {
      throw asSignInError(call, error, signIn);
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * The SDK's own errors may carry whole token answers, and list the configuration (docs/facts/sdk.md section 3): only a
 * cleaned sentence goes on.
 */
function asSignInError(call: string, error: unknown, signIn: SignIn): Error {
  if (error instanceof DatabricksError || error instanceof UnreachableError || error instanceof ConnectError)
    return error;
  const words = error instanceof Error ? ((error as { baseMessage?: unknown }).baseMessage ?? error.message) : error;
  return new DatabricksError({
    call,
    status: 401,
    errorCode: 'UNAUTHENTICATED',
    detail: `not sent, because signing in failed: ${redact(String(words), signIn.secrets()).slice(0, 400)}`,
    next: 'Check the token, profile or environment variables; with Azure CLI, run `az login`.',
  });
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
