import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const oneCase = z.strictObject({
  name: z.string().min(1),
  /** Where it is known from what the answer must be. */
  source: z.string().min(1),
  /** What the client is told to do, in the client's own language. */
  run: z.string().min(1),
  /** Whose token the client has; the admin's without it. */
  as: z.string().optional(),
  /** The function of src/databricks that makes this call, such as `clusters.create`. */
  product: z.string().optional(),
  /** The clock is moved on by so much before. */
  minutesLater: z.number().positive().optional(),
  /** More environment variables; an empty one is not set. */
  env: z.record(z.string(), z.string()).default({}),
  /** The oldest version of the client that can do this. */
  since: z.string().optional(),
  /** Values for later cases: name → path in the outcome, such as `stdout.cluster_id`. */
  keep: z.record(z.string().regex(/^[a-z_]+$/), z.string()).default({}),
  /** What must come out, see differences.ts. */
  expect: z.record(z.string(), z.unknown()),
});

const areaFile = z.strictObject({
  about: z.string(),
  speed: z.number().positive().default(1),
  /** Real ones need more of the machine than the client: without it the area is skipped, by name. */
  nodes: z.enum(['real', 'simulated']).default('simulated'),
  /** Name → groups; its client id and secret are the variables `<name>_id` and `<name>_secret`. */
  servicePrincipals: z.record(z.string().regex(/^[a-z_]+$/), z.array(z.string())).default({}),
  /** What lies in the folder the client runs in: texts as they are, anything else as JSON. */
  files: z.record(z.string(), z.unknown()).default({}),
  cases: z.array(oneCase).min(1),
});

export type Case = z.output<typeof oneCase>;
export interface Area extends z.output<typeof areaFile> {
  readonly name: string;
}

/**
 * The areas that a client's folder and those below it describe, a YAML file each.
 * @throws {Error} naming the file that is not as it should be.
 */
export function readAreas(folder: string): Area[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const result = areaFile.safeParse(parse(readFileSync(join(folder, file), 'utf8')));
      if (!result.success) throw new Error(`${join(folder, file)}:\n${z.prettifyError(result.error)}`);
      return { name: basename(file, '.yaml'), ...result.data };
    });
}
