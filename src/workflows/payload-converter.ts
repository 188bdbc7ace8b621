import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';

/**
 * Like the default, but what cannot be read becomes a value that every handler refuses, instead of an error:
 * a signal with broken JSON would otherwise fail the workflow task again and again, for good.
 */
class ForgivingPayloadConverter implements PayloadConverter {
  toPayload<T>(value: T): Payload {
    return defaultPayloadConverter.toPayload(value);
  }

  fromPayload<T>(payload: Payload): T {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload);
    } catch {
      return UNREADABLE as T;
    }
  }
}

/** Stands for a payload that could not be read. It fits no schema. */
export const UNREADABLE = 'unreadable payload';

export const payloadConverter = new ForgivingPayloadConverter();
