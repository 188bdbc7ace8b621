import { SpanKind, type Span } from '@opentelemetry/api';
import type { ClientInterceptors } from '@temporalio/client';
import { clientSpans } from './client-spans.ts';
import { Traces } from './traces.ts';

/** Nobody waits longer at the end of a command for a collector that is away. */
const GIVE_UP_MS = 1_500;

/** The span of one command, and those of what it asks Temporal for. */
export class TraceOfCommand {
  readonly client: ClientInterceptors;
  readonly #traces = new Traces(GIVE_UP_MS);
  #span: Span | undefined;

  constructor() {
    this.client = clientSpans(this.#traces);
  }

  /** Sends all of it before it returns; rejects as `act` does. What was typed behind the name is not told. */
  async during<T>(name: string, act: () => Promise<T>): Promise<T> {
    try {
      return await this.#traces.during(`workshop ${name}`, { kind: SpanKind.INTERNAL }, async (span) => {
        this.#span = span;
        const outcome = await act();
        span.setAttribute('process.exit.code', Number(process.exitCode ?? 0));
        return outcome;
      });
    } finally {
      await this.#traces.close();
    }
  }

  /** It is about this workshop. */
  about(workshop: string): void {
    this.#span?.setAttribute('workshop', workshop);
  }
}
