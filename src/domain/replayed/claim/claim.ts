import { z } from 'zod';
import type { Pace } from '../time/pace.ts';

const server = z.object({
  /** Of the namespace, as the server gave it: two servers never have the same. */
  id: z.string(),
  /** Like `localhost:7233`, as the worker or command line was told; never credentials. */
  address: z.string(),
  namespace: z.string(),
  /** Name of the computer that uses it: many servers are called localhost. */
  host: z.string(),
});
export type TemporalServerId = z.output<typeof server>;

const claim = z.object({
  v: z.literal(1),
  workshopId: z.string(),
  runId: z.string(),
  server,
  /** Epoch milliseconds of the holder's clock: when the claim was made, and when it was last renewed. */
  since: z.number(),
  seen: z.number(),
  /** Milliseconds after `seen` in which nobody else may take it; the holder says how often it renews it. */
  goodForMs: z.number(),
});

/** Which run of a workshop works in a workspace, and by which Temporal server: a file in the scripts volume. */
export type Claim = z.output<typeof claim>;

/** Name of the file, at the top of the volume: no folder has to be made before it. */
export const claimFile = (workshopId: string): string => `claim-${workshopId}.json`;

export const writtenClaim = (made: Claim): string => `${JSON.stringify(made, undefined, 2)}\n`;

/** What lies there, if it is a claim: something else there holds nobody up. */
export function readClaim(text: string): Claim | undefined {
  try {
    return z.parse(claim, JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Milliseconds between two renewals, and how long one is good for: three periods and the time that one may take. Clocks
 * may differ by less than that. Both shrink with the pace, down to a minute.
 */
export function claimTimes(pace: Pace, isTheDay: boolean): { readonly periodMs: number; readonly goodForMs: number } {
  const periodMs = isTheDay ? pace.rollCallOnTheDay : 3 * pace.rollCall;
  return { periodMs, goodForMs: 3 * periodMs + pace.step };
}

/** Whoever reads a claim. */
export interface Reader {
  readonly server: TemporalServerId;
  readonly runId?: string;
  readonly now: number;
}

/**
 * Whose a claim is. `ours`: this run, on this server. `free`: nobody's any more, because its time is over, or because
 * of another run on the same server, which lets only one of a workshop run. `theirs`: alive on another server.
 */
export function whose(there: Claim | undefined, { server: here, runId, now }: Reader): 'ours' | 'free' | 'theirs' {
  if (there === undefined) return 'free';
  if (isSameServer(there.server, here)) return there.runId === runId ? 'ours' : 'free';
  return now > endsAt(there) ? 'free' : 'theirs';
}

/** A server that lost its database is another one at the same address of the same computer. */
const isSameServer = (a: TemporalServerId, b: TemporalServerId): boolean =>
  a.id === b.id || (a.address === b.address && a.namespace === b.namespace && a.host === b.host);

/** From then on anybody may take it, epoch milliseconds. */
export const endsAt = ({ seen, goodForMs }: Claim): number => seen + goodForMs;
