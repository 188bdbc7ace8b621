import { invalidParameter, notFound } from '../http/errors.ts';
import { parsePolicyDefinition } from './policy-rules.ts';
import type { PolicyDefinition } from './policy-rules.ts';
import { nextPage, pageStart } from '../http/page-start.ts';
import { queryInteger } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Route } from '../http/router.ts';

const RUNTIME = { type: 'unlimited', defaultValue: 'auto:latest-lts' };
const IDLE = { type: 'range', minValue: 10, maxValue: 10_000, defaultValue: 60, isOptional: true };
const NODE = { type: 'unlimited', defaultValue: 'Standard_D4ds_v5', isOptional: true };
const fixed = (value: string | number): unknown => ({ type: 'fixed', value, hidden: true });

interface PolicyFamily {
  readonly policy_family_id: string;
  readonly name: string;
  readonly description: string;
  /** A JSON string, as everywhere in this API. */
  readonly definition: string;
}

const family = (policy_family_id: string, name: string, description: string, definition: unknown): PolicyFamily => ({
  policy_family_id,
  name,
  description,
  definition: JSON.stringify(definition),
});

/** The families under the ids that a real workspace gives them; their rules are the sandbox's own. */
const FAMILIES: readonly PolicyFamily[] = [
  family('job-cluster', 'Job Compute', 'Compute of a job, which goes when the job is done', {
    cluster_type: fixed('job'),
    spark_version: RUNTIME,
    node_type_id: NODE,
  }),
  family('personal-vm', 'Personal Compute', 'A single machine for one person', {
    cluster_type: fixed('all-purpose'),
    spark_version: RUNTIME,
    node_type_id: NODE,
    num_workers: fixed(0),
    data_security_mode: fixed('SINGLE_USER'),
    'spark_conf.spark.databricks.cluster.profile': fixed('singleNode'),
    'spark_conf.spark.master': fixed('local[*, 4]'),
    'custom_tags.ResourceClass': fixed('SingleNode'),
    instance_pool_id: { type: 'forbidden', hidden: true },
    autotermination_minutes: IDLE,
  }),
  family('power-user', 'Power User Compute', 'Several machines for one person', {
    cluster_type: fixed('all-purpose'),
    spark_version: RUNTIME,
    node_type_id: NODE,
    data_security_mode: fixed('SINGLE_USER'),
    autotermination_minutes: IDLE,
  }),
  family('shared-compute', 'Shared Compute', 'Several machines for several people', {
    cluster_type: fixed('all-purpose'),
    spark_version: RUNTIME,
    node_type_id: NODE,
    data_security_mode: fixed('USER_ISOLATION'),
    autotermination_minutes: IDLE,
  }),
];

/** The rules of a family with a policy's own in place of those for the same path. @throws 400 for an unknown family or wrong overrides. */
export function familyDefinition(id: string, overrides: string | undefined): PolicyDefinition {
  const known = FAMILIES.find(({ policy_family_id }) => policy_family_id === id);
  if (!known) throw invalidParameter(`Policy family with id ${id} does not exist`);
  return {
    ...parsePolicyDefinition(known.definition),
    ...parsePolicyDefinition(overrides ?? '{}', 'policy_family_definition_overrides'),
  };
}

/** /api/2.0/policy-families: what a policy can inherit its rules from. */
export function policyFamilyRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/2.0/policy-families',
      does: 'Lists the families that a cluster policy can inherit from, in pages',
      source: 'facts/ssh-and-claude.md',
      handle({ query }) {
        const from = pageStart(query.get('page_token'));
        const to = from + (queryInteger(query, 'max_results', 0, 1_000) || FAMILIES.length);
        return ok({ policy_families: FAMILIES.slice(from, to), ...nextPage(to, FAMILIES.length) });
      },
    },
    {
      method: 'GET',
      path: '/api/2.0/policy-families/:id',
      does: 'Answers one policy family',
      source: 'facts/ssh-and-claude.md',
      handle({ params }) {
        const known = FAMILIES.find(({ policy_family_id }) => policy_family_id === params['id']);
        if (!known) throw notFound(`Policy family with id ${params['id']} does not exist`);
        return ok(known);
      },
    },
  ];
}
