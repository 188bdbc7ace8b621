import { parse } from 'yaml';
import { z } from 'zod';
import type { AppVariable } from '../app-model.ts';
import { DeploymentFailed } from './deployment-failed.ts';

const fileShape = z.looseObject({
  command: z.array(z.coerce.string()).min(1).nullish(),
  env: z
    .array(
      z.looseObject({
        name: z.string().min(1),
        value: z.union([z.string(), z.number(), z.boolean()]).transform(String).optional(),
        valueFrom: z.string().optional(),
      }),
    )
    .nullish(),
});

/** What is to be run, and with what variables of its own. */
export interface AppYaml {
  /** Undefined where the file names none. */
  readonly command: readonly string[] | undefined;
  readonly env: readonly AppVariable[];
}

/** @param files path → content. @throws {DeploymentFailed} for an unreadable one (docs/facts/apps.md section 4). */
export function readAppYaml(files: ReadonlyMap<string, Buffer>): AppYaml {
  const name = ['app.yaml', 'app.yml'].find((one) => files.has(one));
  if (name === undefined) return { command: undefined, env: [] };
  let given: unknown;
  try {
    given = parse(files.get(name)?.toString() ?? '') ?? {};
  } catch (error) {
    throw new DeploymentFailed(`${name} is no YAML: ${(error as Error).message.split('\n', 1)[0] ?? ''}`);
  }
  const read = fileShape.safeParse(given);
  if (!read.success)
    throw new DeploymentFailed(
      `${name} cannot be read: ${z.prettifyError(read.error).replaceAll('\n', ' ')}. It holds command, a list of ` +
        'words, and env, a list of name and value or valueFrom.',
    );
  return { command: read.data.command ?? undefined, env: read.data.env ?? [] };
}

/**
 * What is run without a command: npm's start, or whichever Python file comes first (docs/facts/apps.md section 4).
 * @throws {DeploymentFailed} where there is neither.
 */
export function usualCommand(files: ReadonlyMap<string, Buffer>): readonly string[] {
  if (files.has('package.json')) return ['npm', 'run', 'start'];
  const first = [...files.keys()].filter((path) => !path.includes('/') && path.endsWith('.py')).sort()[0];
  if (first === undefined)
    throw new DeploymentFailed(
      'There is nothing to run: the source code has no app.yaml with a command, no package.json and no Python file.',
    );
  return ['python', first];
}
