import type { Connection } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** What workshops can be found by in Temporal. Never an e-mail address: search attributes are stored in the clear. */
export const WORKSHOP_ID = defineSearchAttributeKey('WorkshopId', SearchAttributeType.KEYWORD);

/** IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD of Temporal's API. */
const KEYWORD = 2;

/** Registers them; a server that does not let us does without, and nothing depends on them. Returns whether they can be used. */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: { [WORKSHOP_ID.name]: KEYWORD },
    });
    return true;
  } catch (error) {
    return error instanceof Error && /already exists/i.test(error.message);
  }
}
