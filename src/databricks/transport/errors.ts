/** What is known about an answer that is not the one asked for. */
export interface ErrorFacts {
  /** Method and path, like `POST /api/2.1/clusters/create`. */
  readonly call: string;
  readonly status: number;
  readonly errorCode: string;
  /** The server's own words, or ours where it had none. Free of secrets. */
  readonly detail: string;
  /** What a person should do now, as a sentence. */
  readonly next?: string | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
}

/**
 * The workspace (or something between here and it) answered, and the answer is an error, a redirect
 * or not what was relied on. Decide by `status` and `errorCode` together, never by one of them
 * (docs/facts/databricks-workspace.md section 11): many older APIs send 400 where one expects 404 or 409.
 */
export class DatabricksError extends Error {
  override readonly name = 'DatabricksError';
  readonly call: string;
  readonly status: number;
  readonly errorCode: string;
  readonly detail: string;
  readonly requestId: string | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(facts: ErrorFacts, options?: ErrorOptions) {
    const request = facts.requestId === undefined ? '' : ` [request ${facts.requestId}]`;
    const next = facts.next ? ` ${facts.next}` : '';
    super(
      `${facts.call}: HTTP ${facts.status} ${facts.errorCode}: ${sentence(facts.detail)}${next}${request}`,
      options,
    );
    this.call = facts.call;
    this.status = facts.status;
    this.errorCode = facts.errorCode;
    this.detail = facts.detail;
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/**
 * No answer at all: unknown name, refused, reset, broken TLS, or silence until a timeout.
 * `sent` tells whether the workspace may have carried the call out all the same.
 */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  readonly call: string;
  /** The network's own word for it, like `ECONNREFUSED`. */
  readonly code: string;
  readonly sent: boolean;

  constructor(call: string, code: string, sent: boolean, explanation: string, cause: unknown) {
    super(`${call}: no answer (${code}): ${explanation}`, { cause });
    this.call = call;
    this.code = code;
    this.sent = sent;
  }
}

/**
 * The connection's own settings cannot work: no host, no credentials, or two that contradict each other. Never retry.
 */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
}

/**
 * True when the error says that the thing asked for is not there, in any of Databricks' ways of saying it but the
 * cluster's own.
 */
export function meansNotFound(error: unknown): boolean {
  return (
    error instanceof DatabricksError &&
    (error.status === 404 || /(^|_)DOES_NOT_EXIST$|^NOT_FOUND$/.test(error.errorCode))
  );
}

/**
 * True when the error says that the thing to be created is there already; the status may be 409 or 400
 * (docs/facts/databricks-workspace.md section 11).
 */
export function meansAlreadyExists(error: unknown): boolean {
  return (
    error instanceof DatabricksError &&
    (error.errorCode.endsWith('ALREADY_EXISTS') || error.errorCode === 'SCIM_uniqueness')
  );
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
