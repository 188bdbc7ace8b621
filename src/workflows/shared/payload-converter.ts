import { defaultPayloadConverter, type PayloadConverter } from '@temporalio/common';

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
