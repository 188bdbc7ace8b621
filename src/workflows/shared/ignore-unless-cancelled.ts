import { CancellationScope, isCancellation } from '@temporalio/workflow';

/** A message to somebody who has gone is no trouble; being cancelled is for the caller to know. */
export function ignoreUnlessCancelled(error: unknown): void {
  if (isCancellation(error) && CancellationScope.current().consideredCancelled) throw error;
}
