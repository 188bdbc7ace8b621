import type { Payload } from '@temporalio/common';
import type { TemporalReads } from '../reads.ts';
import { millis, type Instant } from './instant.ts';

/** One run of a workflow, as the server lists it. Times in epoch milliseconds. */
export interface ListedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly state: RunState;
  readonly startedAt: number;
  readonly closedAt?: number;
  /** @throws {WrongSettings} when it is encrypted and its key is not here */
  readonly memo: () => Promise<Readonly<Record<string, unknown>>>;
}

/** WorkflowExecutionStatus of Temporal's API, by its number. */
const STATES = {
  1: 'running',
  2: 'completed',
  3: 'failed',
  4: 'canceled',
  5: 'terminated',
  6: 'continued as new',
  7: 'timed out',
  8: 'running',
} as const;
export type RunState = (typeof STATES)[keyof typeof STATES];

const PAGE = 200;

interface Page {
  readonly executions?:
    | readonly {
        readonly execution?: { readonly workflowId?: string; readonly runId?: string } | null;
        readonly startTime?: Instant | null;
        readonly closeTime?: Instant | null;
        readonly status?: number | null;
        readonly memo?: { readonly fields?: Readonly<Record<string, Payload>> | null } | null;
      }[]
    | null;
  readonly nextPageToken?: Uint8Array | null;
}

/**
 * The runs that a query of Temporal's visibility finds, the latest start first. What was begun in the last second or
 * two may be missing.
 * @throws {NoAnswer} when the server is gone or refuses us
 */
export function listRuns(reads: TemporalReads, query: string): Promise<ListedRun[]> {
  return reads.answers(async () => {
    const found: ListedRun[] = [];
    for (let nextPageToken: Uint8Array | undefined; ;) {
      const page: Page = await reads.call<Page>('listWorkflowExecutions', {
        query,
        pageSize: PAGE,
        ...(nextPageToken ? { nextPageToken } : {}),
      });
      for (const { execution, startTime, closeTime, status, memo } of page.executions ?? [])
        found.push({
          workflowId: execution?.workflowId ?? '',
          runId: execution?.runId ?? '',
          state: STATES[(status ?? 1) as keyof typeof STATES],
          startedAt: millis(startTime) ?? 0,
          ...(closeTime ? { closedAt: millis(closeTime) ?? 0 } : {}),
          memo: async () =>
            Object.fromEntries(
              await Promise.all(
                Object.entries(memo?.fields ?? {}).map(
                  async ([name, payload]) => [name, await reads.decoded(payload)] as const,
                ),
              ),
            ),
        });
      if (!page.nextPageToken?.length) return found.toSorted((a, b) => b.startedAt - a.startedAt);
      nextPageToken = page.nextPageToken;
    }
  });
}
