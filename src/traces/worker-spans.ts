import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { SpanKind, type Span } from '@opentelemetry/api';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { RunSinks } from '../workflows/shared/run-ended.ts';
import { attributesOf, withoutAddresses } from './attributes.ts';
import { failed, type Traces } from './traces.ts';

/** A span for each attempt of an activity, within that of the workflow's run. */
export const activitySpans =
  (traces: Traces): ActivityInterceptorsFactory =>
  ({ info }) => ({
    inbound: {
      execute: (input, next) => {
        const { workflowExecution: run, activityType, attempt } = info;
        const attributes = {
          ...attributesOf(run?.workflowId ?? '', run?.runId),
          'temporal.activity.id': info.activityId,
          'temporal.attempt': attempt,
        };
        const options = { kind: SpanKind.CONSUMER, attributes };
        const act = () => next(input);
        return run ? traces.ofRun(run, activityType, options, act) : traces.during(activityType, options, act);
      },
    },
  });

const GOOD = ['completed', 'continued', 'cancelled'];

/** A span for each run of a workflow that ends in this worker, linked with that of the run that began it. */
export const runSpans = (traces: Traces): InjectedSinks<RunSinks> => ({
  runs: {
    ended: {
      fn: ({ workflowId, runId, workflowType, runStartTime }, how) =>
        traces.runEnded(
          { workflowId, runId },
          workflowType,
          {
            kind: SpanKind.SERVER,
            startTime: runStartTime,
            attributes: { ...attributesOf(workflowId, runId), 'temporal.run.outcome': how },
          },
          GOOD.includes(how) ? undefined : how,
        ),
      callDuringReplay: false,
    },
  },
});

interface Requested {
  readonly request: { readonly origin?: unknown; readonly method: string; readonly path: string };
  readonly response?: { readonly statusCode: number };
  readonly error?: { readonly code?: string; readonly name?: string };
}

/**
 * A span for each request to a workspace, within that of the activity that sends it. What is asked of others, whose
 * addresses may be secrets, has none.
 * @param workspaces their origins
 * @returns ends it
 */
export function requestSpans(traces: Traces, workspaces: readonly string[]): () => void {
  const spans = new WeakMap<object, Span>();
  const seen = (message: unknown) => message as Requested;
  const on: Readonly<Record<string, (message: unknown) => void>> = {
    'undici:request:create': (message) => {
      const { request } = seen(message);
      if (!workspaces.includes(String(request.origin)) || !traces.isWithin) return;
      const attributes = { 'http.request.method': request.method, 'url.path': routeOf(request.path) };
      const name = `${request.method} ${attributes['url.path']}`;
      spans.set(request, traces.begin(name, { kind: SpanKind.CLIENT, attributes }));
    },
    'undici:request:headers': (message) => {
      const { request, response } = seen(message);
      const span = spans.get(request);
      if (!span || !response) return;
      span.setAttribute('http.response.status_code', response.statusCode);
      if (response.statusCode >= 400) failed(span, String(response.statusCode));
    },
    'undici:request:trailers': (message) => spans.get(seen(message).request)?.end(),
    'undici:request:error': (message) => {
      const { request, error } = seen(message);
      const span = spans.get(request);
      if (!span) return;
      failed(span, error?.code ?? error?.name ?? 'error');
      span.end();
    },
  };
  for (const [channel, hear] of Object.entries(on)) subscribe(channel, hear);
  return () => {
    for (const [channel, hear] of Object.entries(on)) unsubscribe(channel, hear);
  };
}

const LONGEST = 6;

/** The path of a request without its question and without ids, of which there are too many for names. */
export function routeOf(path: string): string {
  const [plain = ''] = path.split('?');
  const parts = plain.split('/').slice(0, LONGEST + 1);
  return parts.map((part) => withoutAddresses(decoded(part)).replace(/^(?!\d\.\d$|v\d$).*\d.*$/, '*')).join('/');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '*';
  }
}
