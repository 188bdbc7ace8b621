import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { MESSAGES } from '../../domain/replayed/made/temporal-names.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';

/** What another run of a cohort goes on with; the fields are those of its input. */
export interface CohortBefore {
  readonly seats: readonly Seat[];
  /** As it was begun with; only of one that never did anything. */
  readonly places?: readonly { readonly seat: Seat }[];
  readonly newcomers?: readonly { readonly key: string }[];
}

/**
 * What a cohort that has closed knew last. A closed workflow still answers queries; but one that was ended before its
 * first step had come to its end does not, and knows what it was begun with and told.
 * @throws SEATS_UNKNOWN when the server does not remember it
 */
export async function cohortBefore(temporal: Client, workflowId: string): Promise<CohortBefore> {
  const handle = temporal.workflow.getHandle(workflowId);
  try {
    return { seats: await handle.query<readonly Seat[]>(MESSAGES.roster) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError)
      throw ApplicationFailure.nonRetryable('Nobody knows any more who belonged to it.', 'SEATS_UNKNOWN');
    const { events } = await handle.fetchHistory();
    const hasDoneSomething = events?.some((event) => event.workflowTaskCompletedEventAttributes);
    if (!events || hasDoneSomething) throw error;
    const { loadedDataConverter } = temporal.options;
    const begun = events[0]?.workflowExecutionStartedEventAttributes?.input?.payloads;
    const [input = {}] = (await decodeArrayFromPayloads(loadedDataConverter, begun)) as [Partial<CohortBefore>?];
    const { seats = [], places, newcomers = [] } = input;
    const enrolments = events.flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
      signal?.signalName === MESSAGES.enrol ? [signal.input?.payloads] : [],
    );
    const told = await Promise.all(
      enrolments.map(async (payloads) => {
        const [enrolled = []] = (await decodeArrayFromPayloads(loadedDataConverter, payloads)) as [
          CohortBefore['newcomers']?,
        ];
        return enrolled;
      }),
    );
    return { seats, ...(places ? { places } : {}), newcomers: [...newcomers, ...told.flat()] };
  }
}

/** Whom it looked after. */
export const keysOf = ({ seats, places, newcomers = [] }: CohortBefore): ReadonlySet<string> =>
  new Set([...(places?.map(({ seat }) => seat) ?? seats).map(({ key }) => key), ...newcomers.map(({ key }) => key)]);
