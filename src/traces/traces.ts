import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, SpanStatusCode, trace, type Span, type SpanOptions, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import packageJson from '../../package.json' with { type: 'json' };
import { kindOfError } from './attributes.ts';
import { RunIds, spanOfRun, type WorkflowRun } from './run-ids.ts';

/** A collector that does not answer holds up the end of a worker no longer. */
const LAST_WORDS_MS = 10_000;

/**
 * Spans of this process, sent to the collector that OpenTelemetry's variables name, in batches and by the side: one
 * that is away costs nothing but the spans. No span holds anybody's address, what a call said or what came of it in
 * words.
 */
export class Traces {
  readonly #ids = new RunIds();
  readonly #provider: BasicTracerProvider;
  readonly #tracer: Tracer;
  readonly #current = new AsyncLocalStorage<Span>();

  /**
   * Where to and how often is read from the environment of the process, as everywhere with OpenTelemetry.
   * @param giveUpMs a collector that has not answered by then gets no spans of a batch; 10 s if not given
   */
  constructor(giveUpMs?: number) {
    const isSaid = ['OTEL_EXPORTER_OTLP_TIMEOUT', 'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT'].some(
      (name) => process.env[name],
    );
    const giveUp = giveUpMs === undefined || isSaid ? {} : { timeoutMillis: giveUpMs };
    this.#provider = new BasicTracerProvider({
      idGenerator: this.#ids,
      resource: resourceFromAttributes({
        'service.name': packageJson.name,
        'service.version': packageJson.version,
      }).merge(detectResources({ detectors: [envDetector] })),
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter(giveUp))],
    });
    this.#tracer = this.#provider.getTracer(packageJson.name, packageJson.version);
  }

  /** A span for as long as something takes, within the one that goes on here. Rejects as `act` does. */
  async during<T>(name: string, options: SpanOptions, act: (span: Span) => Promise<T>): Promise<T> {
    const span = this.begin(name, options);
    try {
      return await this.#current.run(span, () => act(span));
    } catch (error) {
      failed(span, kindOfError(error));
      throw error;
    } finally {
      span.end();
    }
  }

  /** A span that belongs to a workflow's run, as {@link during}. */
  async ofRun<T>(run: WorkflowRun, name: string, options: SpanOptions, act: (span: Span) => Promise<T>): Promise<T> {
    return this.#current.run(trace.wrapSpanContext(spanOfRun(run)), () => this.during(name, options, act));
  }

  /** A span within the one that goes on here; whoever begins it ends it. */
  begin(name: string, options: SpanOptions): Span {
    const current = this.#current.getStore();
    return this.#tracer.startSpan(name, options, current ? trace.setSpan(ROOT_CONTEXT, current) : ROOT_CONTEXT);
  }

  /** Whether anything goes on here that a span could belong to. */
  get isWithin(): boolean {
    return this.#current.getStore() !== undefined;
  }

  /** The span of a run that has ended. */
  runEnded(run: WorkflowRun, name: string, options: SpanOptions, error?: string): void {
    const span = this.#ids.with(spanOfRun(run), () => this.#tracer.startSpan(name, { ...options, root: true }));
    if (error !== undefined) failed(span, error);
    span.end();
  }

  /** Sends what is left. Never rejects. */
  async close(): Promise<void> {
    const late = new Promise((settle) => setTimeout(settle, LAST_WORDS_MS).unref());
    await Promise.race([this.#provider.shutdown().catch(() => undefined), late]);
  }
}

/** @param kind of error */
export function failed(span: Span, kind: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', kind);
}
