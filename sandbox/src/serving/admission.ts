import { notFound, permissionDenied } from '../http/errors.ts';
import type { ServingEndpoint } from './serving-endpoint.ts';
import type { Call } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

/** A query that was let in. */
export interface Admission {
  /** Says what came out; the rest of max_tokens is credited back. Only the first call counts. */
  end(outputTokens: number): void;
}

/**
 * The endpoint of this name, for somebody who may ask it.
 * @throws 404 when there is none, 403 without CAN_QUERY (docs/facts/databricks-workspace.md section 9).
 */
export function queryable({ serving, permissions }: Workspace, call: Call, name: string): ServingEndpoint {
  const endpoint = serving.byName(name);
  if (!endpoint)
    throw notFound(
      'The given endpoint does not exist, please retry after checking the specified model and ' +
        'version deployment exists.',
    );
  if (!permissions.allows(call.caller, 'serving-endpoints', endpoint.id, 'CAN_QUERY')) {
    throw permissionDenied(`User does not have permission 'Query' on serving endpoint '${endpoint.name}'.`);
  }
  return endpoint;
}

/**
 * Lets a query in when every limit has room for it: the input as it is, all of max_tokens against the output.
 * @throws 429 REQUEST_LIMIT_EXCEEDED at once, with the longest of the waits; a refused query takes nothing from any
 * limit.
 */
export function admit(
  { serving }: Workspace,
  call: Call,
  endpoint: ServingEndpoint,
  inputTokens: number,
  maxTokens: number,
): Admission {
  const { userName } = call.caller;
  const amounts = { queries: 1, 'input tokens': inputTokens, 'output tokens': maxTokens };
  const wanted = endpoint.limits.map(({ limit, counts }) => ({
    limit,
    counts,
    wait: limit.wait(amounts[counts], call.at),
  }));
  const longest = wanted.sort((a, b) => b.wait - a.wait)[0];
  if (longest && longest.wait > 0) {
    serving.usage.add(endpoint.name, userName, { refused: 1 });
    throw longest.limit.refusal(endpoint.name, longest.wait);
  }
  const credits = wanted.map(({ limit, counts }) => {
    const credit = limit.take(amounts[counts], call.at);
    return counts === 'output tokens' ? credit : () => undefined;
  });
  serving.usage.add(endpoint.name, userName, { requests: 1, inputTokens });
  let ended = false;
  return {
    end(outputTokens) {
      if (ended) return;
      ended = true;
      for (const credit of credits) credit(maxTokens - outputTokens);
      serving.usage.add(endpoint.name, userName, { outputTokens });
    },
  };
}
