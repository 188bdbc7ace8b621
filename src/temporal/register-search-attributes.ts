import type { Connection } from '@temporalio/client';
import { WORKSHOP_END, WORKSHOP_ID, WORKSHOP_PHASE } from '../workflows/shared/search-attributes.ts';

/** IndexedValueType of Temporal's API. */
const TYPES = { [WORKSHOP_ID.name]: 2, [WORKSHOP_PHASE.name]: 2, [WORKSHOP_END.name]: 6 } as const;

/** The same for `temporal server start-dev --search-attribute`. */
export const SEARCH_ATTRIBUTES = {
  [WORKSHOP_ID.name]: 'Keyword',
  [WORKSHOP_PHASE.name]: 'Keyword',
  [WORKSHOP_END.name]: 'Datetime',
} as const;

/**
 * Registers what is missing; idempotent. A server that does not let us does without. Returns whether all can be used.
 */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<boolean> {
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = Object.entries(TYPES).filter(([name]) => !(name in (customAttributes ?? {})));
    if (missing.length > 0)
      await connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(missing),
      });
    return true;
  } catch {
    return false;
  }
}
