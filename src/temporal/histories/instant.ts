/** google.protobuf.Timestamp as it arrives: seconds may be an object of 64 bits. */
export interface Instant {
  readonly seconds?: unknown;
  readonly nanos?: number | null;
}

/** Epoch milliseconds. */
export const millis = (instant: Instant | null | undefined): number | undefined =>
  instant ? Number(instant.seconds ?? 0) * 1_000 + Math.floor((instant.nanos ?? 0) / 1e6) : undefined;
