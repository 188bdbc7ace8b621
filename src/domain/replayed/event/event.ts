import { z } from 'zod';

/** One of the workshops of an event, in a workspace of its own. */
export interface EventPart {
  /** In the plan, like `north`. */
  readonly name: string;
  /** Of its workshop, like `spring-north`. */
  readonly id: string;
  readonly workspace: string;
  /** X-Databricks-Org-Id; missing as long as it could not be asked. */
  readonly workspaceId?: string | undefined;
  /** Of its workshop; missing as long as it was not started. */
  readonly runId?: string | undefined;
  /** How many people it takes, and what bounds it, in words; missing where nothing does. */
  readonly most?: number | undefined;
  readonly because?: string | undefined;
}

/** What is recorded of an event, readable without a worker: never anybody's address. */
export interface KnownEvent {
  readonly id: string;
  readonly title: string;
  /** How people are spread over it. */
  readonly split?: 'evenly' | 'in order' | undefined;
  readonly parts: readonly EventPart[];
}

const text = z.string().min(1).max(500);
const part = z.object({
  name: text,
  id: text,
  workspace: text,
  workspaceId: text.optional(),
  runId: text.optional(),
  most: z.int().min(0).optional(),
  because: text.optional(),
});
const parts = z.array(part).max(100);

/** What a signal says of parts; undefined for what is none: it can be sent by anybody. */
export function readParts(given: unknown): readonly EventPart[] | undefined {
  return z.safeParse(parts, given).data;
}

/** Those that were known, with what is newly known of them, and those that are new. */
export function withParts(known: readonly EventPart[], news: readonly EventPart[]): EventPart[] {
  const told = (id: string) => news.find((one) => one.id === id);
  return [
    ...known.map((one) => ({ ...one, ...told(one.id) })),
    ...news.filter(({ id }) => !known.some((one) => one.id === id)),
  ];
}

/** How a part stands: `absent` was not started yet, or its run is not known any more. */
export interface PartStanding {
  readonly id: string;
  readonly standing: 'running' | 'ended' | 'absent';
}
