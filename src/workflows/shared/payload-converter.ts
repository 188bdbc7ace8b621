import type { PayloadConverter } from '@temporalio/common';
// By its own file: the whole package takes a short command as long to load as Node itself takes to start.
import { defaultPayloadConverter } from '@temporalio/common/lib/converter/payload-converter.js';

/** Stands for a payload that could not be read. It fits no schema. */
export const UNREADABLE = 'unreadable payload';

/**
 * Like the default, but what cannot be read becomes a value that every handler refuses, instead of an error:
 * a signal with broken JSON would otherwise fail the workflow task again and again, for good.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload(payload) {
    try {
      return defaultPayloadConverter.fromPayload(payload);
    } catch {
      return UNREADABLE as never;
    }
  },
};
