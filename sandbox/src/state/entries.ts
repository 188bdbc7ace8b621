import { z } from 'zod';
import { controlAct } from './control-acts.ts';

/** Raised whenever an older sandbox could not read, or would misread, what a newer one writes. */
export const FORMAT = 1;

/** Epoch milliseconds that a date can say, and some more can be added to. */
const moment = z.number().min(0).max(8e15);

/** The first line of a journal: what the sandbox was when it began. */
export const headerShape = z.strictObject({
  journal: z.literal('databricks-workshop sandbox'),
  format: z.int(),
  start: moment,
  /** Where it listened at first. */
  url: z.string(),
  workspaceId: z.string(),
  /** Base64; what exists from the start draws its ids and tokens from it. */
  seed: z.base64(),
  nodes: z.enum(['real', 'simulated', 'auto']),
  settings: z.record(z.string(), z.json()),
});

const atMoment = { n: z.int(), at: moment };

/** A request that changed something. */
const requestEntry = z.strictObject({
  ...atMoment,
  seed: z.base64(),
  /** The id of who asked; nobody on a route that is open to everybody. */
  caller: z.string().optional(),
  method: z.string(),
  /** Path and query as they came over the wire. */
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  /** Base64. A long body lies in a file of its own, by its SHA-256. */
  body: z.base64().optional(),
  bodyFile: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  status: z.int(),
});

/** What a real node did, see outcomes.ts. */
const outcomeEntry = z.strictObject({
  ...atMoment,
  outcome: z.strictObject({ kind: z.string(), key: z.string(), data: z.json().optional() }),
});

/** What was seen outside of the workspace at a moment of the schedule, see outcomes.ts. */
const seenEntry = z.strictObject({
  ...atMoment,
  seen: z.strictObject({ key: z.string(), value: z.json().optional() }),
});

/** What was done through the sandbox's own routes or by the program that started it. */
const actEntry = z.strictObject({ ...atMoment, seed: z.base64(), act: controlAct });

export const entryShape = z.union([requestEntry, outcomeEntry, seenEntry, actEntry]);

export type Json = z.output<ReturnType<typeof z.json>>;
export type Header = z.output<typeof headerShape>;
export type Entry = z.output<typeof entryShape>;
export type RequestEntry = z.output<typeof requestEntry>;

/** An entry before it gets its number. */
export type Unnumbered = Entry extends infer One ? (One extends Entry ? Omit<One, 'n'> : never) : never;
