import { SpanKind } from '@opentelemetry/api';
import type { ClientInterceptors } from '@temporalio/client';
import { attributesOf } from './attributes.ts';
import type { Traces } from './traces.ts';

/** A span for each thing that is asked of Temporal, within that of the command or activity that asks. */
export function clientSpans(traces: Traces): ClientInterceptors {
  const during = <T>(name: string, workflowId: string, act: () => Promise<T>) =>
    traces.during(name, { kind: SpanKind.CLIENT, attributes: attributesOf(workflowId) }, act);
  return {
    workflow: [
      {
        start: (input, next) => during(`start ${input.workflowType}`, input.options.workflowId, () => next(input)),
        signal: (input, next) =>
          during(`signal ${input.signalName}`, input.workflowExecution.workflowId ?? '', () => next(input)),
        signalWithStart: (input, next) =>
          during(`signal ${input.signalName}`, input.options.workflowId, () => next(input)),
        startUpdate: (input, next) =>
          during(`update ${input.updateName}`, input.workflowExecution.workflowId ?? '', () => next(input)),
        startUpdateWithStart: (input, next) =>
          during(`update ${input.updateName}`, input.workflowStartOptions.workflowId, () => next(input)),
        query: (input, next) =>
          during(`query ${input.queryType}`, input.workflowExecution.workflowId ?? '', () => next(input)),
        terminate: (input, next) => during('terminate', input.workflowExecution.workflowId ?? '', () => next(input)),
      },
    ],
  };
}
