import { z } from 'zod';
import { text } from '../http/request-body.ts';

/** What an app can be given; each resource names one of them (docs/facts/apps.md section 1.4). */
const RESOURCE_KINDS = [
  'secret',
  'sql_warehouse',
  'serving_endpoint',
  'job',
  'uc_securable',
  'database',
  'postgres',
  'genie_space',
  'experiment',
  'app',
] as const;

const resource = z
  .looseObject({ name: text.min(1) })
  .refine(
    (given) => RESOURCE_KINDS.filter((kind) => Object.hasOwn(given, kind)).length === 1,
    `a resource names exactly one of ${RESOURCE_KINDS.join(', ')}`,
  );
const instances = z.int().min(1).max(5);

const changeable = {
  description: text.max(500).optional(),
  compute_size: z.enum(['MEDIUM', 'LARGE', 'XLARGE', 'LIQUID']).optional(),
  resources: z.array(resource).optional(),
  user_api_scopes: z.array(text.refine((scope) => scope !== 'all-apis', 'the scope all-apis is refused')).optional(),
  budget_policy_id: text.optional(),
  usage_policy_id: text.optional(),
  git_repository: z.looseObject({}).optional(),
  telemetry_export_destinations: z.array(z.looseObject({})).optional(),
  space: text.optional(),
  compute_min_instances: instances.optional(),
  compute_max_instances: instances.optional(),
  forward_user_access_token: z.boolean().optional(),
};

/**
 * Lower-case letters, digits and hyphens, as the name is part of a host name (docs/facts/apps.md section 1.3). What
 * has not these is refused before it is looked for.
 */
const name = text.regex(
  /^[a-z0-9-]{2,30}$/,
  'an app name has 2 to 30 characters, which are lower-case letters, digits and hyphens',
);

/** What its makers may say about an app, as create takes it; other fields are the platform's and are not read. */
export const newApp = z.object({ name, ...changeable });

/** The same without the name, which never changes: the command line sends an empty one, to be ignored. */
export const appChange = z.object(changeable);

export type AppFields = z.output<typeof appChange>;

/** What may be named in the mask of an update. */
export const isChangeable = (field: string): field is keyof AppFields => Object.hasOwn(changeable, field);
