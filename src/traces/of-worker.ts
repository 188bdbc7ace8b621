import type { ClientInterceptors } from '@temporalio/client';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { RunSinks } from '../workflows/shared/run-ended.ts';
import { clientSpans } from './client-spans.ts';
import { Traces } from './traces.ts';
import { activitySpans, requestSpans, runSpans } from './worker-spans.ts';

/** What a worker is put together with, so that spans of its work are sent. */
export class TracesOfWorker {
  readonly client: ClientInterceptors;
  readonly activity: ActivityInterceptorsFactory;
  /** Heard where the workflows' code tells of its ends (src/workflow-code.ts). */
  readonly sinks: InjectedSinks<RunSinks>;
  readonly #traces = new Traces();
  #endRequests = (): void => {};

  constructor() {
    this.client = clientSpans(this.#traces);
    this.activity = activitySpans(this.#traces);
    this.sinks = runSpans(this.#traces);
  }

  /** @param workspaces their origins */
  requestsTo(workspaces: readonly string[]): void {
    this.#endRequests();
    this.#endRequests = requestSpans(this.#traces, workspaces);
  }

  /** Sends what is left. Never rejects. */
  async close(): Promise<void> {
    this.#endRequests();
    await this.#traces.close();
  }
}
