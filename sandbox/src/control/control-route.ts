import type { ControlActs } from './control-acts.ts';
import type { Clock } from '../time/clock.ts';
import type { Router } from '../http/router.ts';
import type { RequestCounts } from '../books/request-counts.ts';
import type { Workspace } from '../workspace.ts';

/** What the sandbox's own routes work on. */
export interface ControlWorld {
  readonly workspace: Workspace;
  readonly router: Router;
  readonly requestCounts: RequestCounts;
  readonly acts: ControlActs;
  readonly clock: Clock;
}

export interface ControlCall {
  readonly query: URLSearchParams;
  /** The body as JSON; undefined when there was none. */
  readonly json: unknown;
}

/** A route that no workspace has, for whoever runs the sandbox. */
export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Behind `/__sandbox/`. */
  readonly path: string;
  /** In one line, for people. */
  readonly does: string;
  /** A body that it takes, as an example, or what may be in the query. */
  readonly takes?: unknown;
  /** @throws {ControlRefusal} */
  handle(call: ControlCall): unknown;
}

/** What was asked cannot be done, said for people. */
export class ControlRefusal extends Error {
  override readonly name = 'ControlRefusal';
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}
