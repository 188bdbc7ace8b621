import { z } from 'zod';

/**
 * Two listings of the workspace, and how many of this run's clusters and pools each still showed. Instants are ISO
 * 8601.
 */
export interface ProofOfRemoval {
  readonly first: string | null;
  readonly second: string | null;
  readonly clusters: number;
  readonly pools: number;
}

const STAGES = ['closing', 'removing', 'proving', 'done'] as const;

/** What teardown has done so far; the last one carries the proof. */
export interface TeardownReport {
  readonly seq: number;
  readonly stage: (typeof STAGES)[number];
  /** Ids of clusters seen with this run's tag and permanently deleted. */
  readonly clustersDeleted: number;
  readonly clustersSeen: number;
  readonly clustersLeft: number;
  readonly poolsDeleted: number;
  readonly poolKept: boolean;
  readonly upMs: number;
  readonly proof: ProofOfRemoval;
  /** What keeps it from going on, in words; absent when nothing does. */
  readonly trouble?: string;
}

const schema = z.looseObject({
  seq: z.int(),
  stage: z.enum(STAGES),
  clustersDeleted: z.number(),
  clustersSeen: z.number(),
  clustersLeft: z.number(),
  poolsDeleted: z.number(),
  poolKept: z.boolean(),
  upMs: z.number(),
  proof: z.looseObject({
    first: z.string().nullable(),
    second: z.string().nullable(),
    clusters: z.number(),
    pools: z.number(),
  }),
  trouble: z.string().optional(),
});

/** True for what a removal reports: a signal can be sent by anybody. */
export const isTeardownReport = (value: unknown): value is TeardownReport => schema.safeParse(value).success;
