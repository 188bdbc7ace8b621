import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';
import { StateRefused } from './state-refused.ts';

/** Raised whenever an older sandbox could not read, or would misread, what a newer one writes. */
const FORMAT = 4;

/** Epoch milliseconds that a date can say, and some more can be added to. */
const moment = z.number().min(0).max(8e15);

const beginningShape = z.strictObject({
  start: moment,
  /** Where it listened at first. */
  url: z.string(),
  workspaceId: z.string(),
  nodes: z.enum(['real', 'simulated', 'auto']),
  settings: z.record(z.string(), z.json()),
});

/** The first line of a snapshot: what can be known without reading on. */
const headerShape = z.strictObject({
  snapshot: z.literal('databricks-workshop sandbox'),
  format: z.int(),
  ...beginningShape.shape,
  /** When it was taken, in the sandbox's own time, and how far that was ahead of the machine's. */
  savedAt: moment,
  aheadMs: z.number().min(0).max(8e15),
  /** SHA-256 of what follows, in hexadecimal digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What a sandbox was when it began. */
export type Beginning = z.output<typeof beginningShape>;

/** A sandbox at one moment. */
export interface Snapshot extends Beginning {
  readonly savedAt: number;
  readonly aheadMs: number;
  /** Plain data with maps, sets and buffers, in which one thing may be at several places. */
  readonly parts: Readonly<Record<string, unknown>>;
}

/**
 * Writes a snapshot in the place of the one before. A reader, also one after a crash of the machine, finds the one or
 * the other whole.
 * @param path in a folder that is ours alone. @throws the system's error, and then the one before is still there.
 */
export function writeSnapshot(path: string, { parts, ...about }: Snapshot): void {
  const body = serialize(parts);
  const header: z.input<typeof headerShape> = {
    snapshot: 'databricks-workshop sandbox',
    format: FORMAT,
    ...about,
    sha256: sha256(body),
  };
  const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]);
  writeFileSync(`${path}.part`, bytes, { mode: 0o600, flush: true });
  renameSync(`${path}.part`, path);
}

/** Undefined when there is none. @throws {StateRefused} when it is damaged or of another format. */
export function readSnapshot(path: string): Snapshot | undefined {
  const bytes = contentOf(path);
  if (!bytes) return undefined;
  const { given, body } = split(bytes);
  const version = given !== null && typeof given === 'object' && 'format' in given ? given.format : undefined;
  if (version !== undefined && version !== FORMAT)
    throw new StateRefused(
      `${path} is written in format ${JSON.stringify(version)}, and this sandbox reads format ` +
        `${FORMAT}. Use the version of the sandbox that wrote it, or start with another folder.`,
    );
  const header = headerShape.safeParse(given);
  if (!header.success || header.data.sha256 !== sha256(body))
    throw new StateRefused(
      `The kept state is damaged: ${path} is not what a sandbox wrote there. Put the file back from ` +
        'a copy, or start with another folder.',
    );
  const { snapshot: _, format: __, sha256: ___, ...about } = header.data;
  return { ...about, parts: deserialize(body) as Snapshot['parts'] };
}

/** What the sandbox of a snapshot was when it began; undefined when there is none, or none that can be read. */
export function beginningOf(path: string): Beginning | undefined {
  const bytes = contentOf(path);
  return bytes && headerShape.safeParse(split(bytes).given).data;
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function split(bytes: Buffer): { readonly given: unknown; readonly body: Buffer } {
  const end = bytes.indexOf(0x0a) + 1;
  try {
    return { given: JSON.parse(bytes.toString('utf8', 0, end)) as unknown, body: bytes.subarray(end) };
  } catch {
    return { given: undefined, body: bytes };
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
