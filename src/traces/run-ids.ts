import { createHash } from 'node:crypto';
import { TraceFlags, type SpanContext } from '@opentelemetry/api';
import { RandomIdGenerator, type IdGenerator } from '@opentelemetry/sdk-trace-base';

/** A run of a workflow. */
export interface WorkflowRun {
  readonly workflowId: string;
  readonly runId: string;
}

type Ids = Pick<SpanContext, 'traceId' | 'spanId'>;

/**
 * The span of a run, which begins in one worker and may end in another: its ids follow from the run's, so that whoever
 * works on a part of it knows where that belongs.
 */
export function spanOfRun({ workflowId, runId }: WorkflowRun): SpanContext {
  const hex = createHash('sha256').update(`${workflowId}\n${runId}`).digest('hex');
  return { traceId: hex.slice(0, 32), spanId: hex.slice(32, 48), traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

/** Ids by chance, but for a span that has some already. */
export class RunIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #given: Ids | undefined;

  readonly generateTraceId = (): string => this.#given?.traceId ?? this.#random.generateTraceId();
  readonly generateSpanId = (): string => this.#given?.spanId ?? this.#random.generateSpanId();

  /** What `begin` begins, at once, gets these. */
  with<T>(ids: Ids, begin: () => T): T {
    this.#given = ids;
    try {
      return begin();
    } finally {
      this.#given = undefined;
    }
  }
}
