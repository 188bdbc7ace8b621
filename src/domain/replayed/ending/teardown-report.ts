import { z } from 'zod';
import type { NamedNotDone } from './not-removed.ts';

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
  /** What holds it up, in words; absent when nothing does. */
  readonly trouble?: string;
  /** Why nothing was removed: another Temporal server works with it. */
  readonly left?: string;
  /** Workflows of people and cohorts that did not close in time and were terminated; absent when none. */
  readonly ended?: number;
  /** What the workspace would not remove, one by one; absent when there is nothing of the kind. */
  readonly refused?: readonly NamedNotDone[];
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
  left: z.string().optional(),
  ended: z.number().optional(),
  refused: z
    .array(z.looseObject({ id: z.string(), name: z.string(), why: z.string(), toDo: z.string(), refused: z.boolean() }))
    .optional(),
});

/** True for what a removal reports: a signal can be sent by anybody. */
export const isTeardownReport = (value: unknown): value is TeardownReport => z.safeParse(schema, value).success;

/** Two listings were made, and both were empty. */
export const isProven = ({
  proof,
  clusters,
}: {
  readonly proof: ProofOfRemoval;
  readonly clusters: { readonly left: number };
}): boolean =>
  proof.first !== null && proof.second !== null && proof.clusters === 0 && proof.pools === 0 && clusters.left === 0;

/** What is not known because workflows had to be terminated, in a sentence; nothing when none had to. */
export const endedWords = ({ ended = 0 }: Pick<TeardownReport, 'ended'>): string[] =>
  ended === 0
    ? []
    : [
        `${ended} ${ended === 1 ? 'workflow' : 'workflows'} of people or cohorts did not close in time for the ` +
          'removal and had to be ended: what became of their last look and of files saved in it is not in here.',
      ];
