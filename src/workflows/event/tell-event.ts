import { CancellationScope, getExternalWorkflowHandle } from '@temporalio/workflow';
import { eventAddress } from '../../domain/replayed/made/addresses.ts';
import { MESSAGES } from '../../domain/replayed/made/temporal-names.ts';

/**
 * Tells an event that one of its workshops is about to close. One that is gone hears nothing, and needs nothing: the
 * report of the workshop is there.
 */
export async function tellEvent(event: string, workshopId: string): Promise<void> {
  await CancellationScope.nonCancellable(() =>
    getExternalWorkflowHandle(eventAddress(event)).signal(MESSAGES.partEnded, workshopId),
  ).catch(() => {});
}
