import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';

/** What the workflow said a timer or an activity is for; '' for nothing. */
export function userMetadataSummary({ userMetadata }: temporal.api.history.v1.IHistoryEvent): string {
  const summary = userMetadata?.summary;
  return summary ? String(defaultPayloadConverter.fromPayload(summary)) : '';
}
