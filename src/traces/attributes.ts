import type { Attributes } from '@opentelemetry/api';

const WORKFLOW = /^(?:workshop\/(?<workshop>[^/]+)(?:\/attendee\/(?<seat>[^/]+))?|event\/(?<event>[^/]+))/;
const ADDRESS = /[^\s@<>"'(),;:=[\]{}/]+@[^\s@<>"'(),;:=[\]{}/]+/g;

/** What a span says of a workflow: ids and keys, of which nobody's address is one. */
export function attributesOf(workflowId: string, runId?: string): Attributes {
  const { workshop, seat, event } = WORKFLOW.exec(workflowId)?.groups ?? {};
  return {
    ...(workshop === undefined ? {} : { workshop }),
    ...(seat === undefined ? {} : { seat }),
    ...(event === undefined ? {} : { event }),
    'temporal.workflow.id': workflowId,
    ...(runId === undefined ? {} : { 'temporal.run.id': runId }),
  };
}

/** Of an error only which kind it is: its words may hold whatever somebody typed. */
export function kindOfError(error: unknown): string {
  const { type, code, name } = (error ?? {}) as { type?: unknown; code?: unknown; name?: unknown };
  const kind = [type, code, name].find((text): text is string => typeof text === 'string' && text !== '');
  return withoutAddresses(kind ?? typeof error);
}

export const withoutAddresses = (text: string): string => text.replaceAll(ADDRESS, '<address>');
