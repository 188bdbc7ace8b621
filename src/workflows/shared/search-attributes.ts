import { defineSearchAttributeKey, SearchAttributeType, type SearchAttributePair } from '@temporalio/common';
import type { Heading } from '../../domain/replayed/checklist/lines.ts';

/** What workshops can be found by in Temporal. Never an e-mail address: search attributes are stored in the clear. */
export const WORKSHOP_ID = defineSearchAttributeKey('WorkshopId', SearchAttributeType.KEYWORD);
export const WORKSHOP_PHASE = defineSearchAttributeKey('WorkshopPhase', SearchAttributeType.KEYWORD);
export const WORKSHOP_END = defineSearchAttributeKey('WorkshopEnd', SearchAttributeType.DATETIME);

/** @param end epoch milliseconds. */
export function searchAttributes(id: string, phase: Heading, end: number): SearchAttributePair[] {
  return [
    { key: WORKSHOP_ID, value: id },
    { key: WORKSHOP_PHASE, value: phase },
    { key: WORKSHOP_END, value: new Date(end) },
  ];
}
