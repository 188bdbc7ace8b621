import { z } from 'zod';
import { invalidParameter, notFound } from '../http/errors.ts';
import { randomHex } from '../random.ts';
import type { Kept } from '../state/kept.ts';
import { parsePolicyDefinition } from './policy-rules.ts';
import type { PolicyDefinition } from './policy-rules.ts';
import type { Principal } from '../identity/principals.ts';
import { text } from '../http/request-body.ts';

/** A policy as create and edit take it; its definition is a JSON string (docs/facts/databricks.md section 8). */
export const policyFields = z.object({
  name: text.min(1).max(100),
  definition: text.max(100_000).optional(),
  description: text.max(1_000).optional(),
  max_clusters_per_user: z.int().min(1).optional(),
  policy_family_id: text.optional(),
});

type PolicyFields = z.output<typeof policyFields>;

export interface Policy {
  readonly id: string;
  readonly creator: Principal;
  readonly createdAt: number;
  fields: PolicyFields;
  rules: PolicyDefinition;
}

/** The cluster policies of the workspace, in the order they were made. */
export class Policies implements Kept<Map<string, Policy>> {
  /** By their ids. */
  #policies = new Map<string, Policy>();

  state(): Map<string, Policy> {
    return this.#policies;
  }

  restore(state: Map<string, Policy>): void {
    this.#policies = state;
  }

  all(): Iterable<Policy> {
    return this.#policies.values();
  }

  find(id: string): Policy | undefined {
    return this.#policies.get(id);
  }

  /** @throws 404 RESOURCE_DOES_NOT_EXIST. */
  get(id: string): Policy {
    const policy = this.#policies.get(id);
    if (!policy) throw notFound(`Cluster policy with id ${id} does not exist`);
    return policy;
  }

  create(given: PolicyFields, creator: Principal, at: number): Policy {
    const rules = this.#check(given, undefined);
    const id = randomHex().slice(0, 16).toUpperCase();
    const policy: Policy = { id, creator, createdAt: at, fields: given, rules };
    this.#policies.set(id, policy);
    return policy;
  }

  /** Full replacement. Clusters under the policy stay as they are until they are edited. */
  edit(policy: Policy, given: PolicyFields): void {
    policy.rules = this.#check(given, policy);
    policy.fields = given;
  }

  /** Clusters under it go on running, but cannot be edited. */
  delete(policy: Policy): void {
    this.#policies.delete(policy.id);
  }

  #check(given: PolicyFields, self: Policy | undefined): PolicyDefinition {
    for (const policy of this.#policies.values()) {
      if (policy !== self && policy.fields.name === given.name) {
        throw invalidParameter(
          `A cluster policy with name '${given.name}' already exists. Please choose a different name.`,
        );
      }
    }
    if (given.policy_family_id)
      throw invalidParameter('The sandbox has no policy families: write the rules into definition.');
    return parsePolicyDefinition(given.definition || '{}');
  }
}
