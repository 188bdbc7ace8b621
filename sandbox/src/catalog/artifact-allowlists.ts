import { z } from 'zod';
import { invalidParameter } from '../http/errors.ts';
import { readRequiredBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { CATALOG_ROOT } from './catalog-root.ts';
import { METASTORE_ID } from './metastore.ts';

const TYPES = ['INIT_SCRIPT', 'LIBRARY_JAR', 'LIBRARY_MAVEN'];
const allowlistBody = z.object({
  artifact_matchers: z
    .array(z.object({ artifact: text.min(1).max(4_000), match_type: z.enum(['PREFIX_MATCH']) }))
    .max(1_000),
});

/** What standard compute may run. Dedicated compute does not ask it, so it has no effect on a workshop (facts/databricks.md section 6). */
export class ArtifactAllowlists {
  readonly #lists = new Map<string, unknown>();

  /** As it is answered: with nothing in it until somebody sets it. */
  get(type: string): unknown {
    return this.#lists.get(type) ?? { metastore_id: METASTORE_ID };
  }

  set(type: string, matchers: readonly unknown[], by: string, at: number): void {
    this.#lists.set(type, {
      ...(matchers.length > 0 ? { artifact_matchers: matchers } : {}),
      created_at: at,
      created_by: by,
      metastore_id: METASTORE_ID,
    });
  }
}

/** GET and PUT of the allowlists, for who may MANAGE ALLOWLIST on the metastore. */
export function artifactAllowlistRoutes({ artifactAllowlists, securables }: Workspace): Route[] {
  const typeOf = (call: Call): string => {
    const type = call.params['type'] ?? '';
    if (!TYPES.includes(type)) throw invalidParameter(`Artifact type '${type}' is not one of ${TYPES.join(', ')}`);
    securables.require(call.caller.userName, securables.metastore, 'MANAGE_ALLOWLIST');
    return type;
  };
  return [
    {
      method: 'GET',
      path: `${CATALOG_ROOT}/artifact-allowlists/:type`,
      does: 'Tells which init scripts or libraries standard compute may run',
      source: 'facts/databricks.md section 6',
      handle: (call) => ok(artifactAllowlists.get(typeOf(call))),
    },
    {
      method: 'PUT',
      path: `${CATALOG_ROOT}/artifact-allowlists/:type`,
      does: 'Replaces the list of init scripts or libraries that standard compute may run',
      source: 'facts/databricks.md section 6',
      handle(call) {
        const { artifact_matchers } = readRequiredBody(allowlistBody, call.json);
        const type = typeOf(call);
        artifactAllowlists.set(type, artifact_matchers, call.caller.userName, call.at);
        return ok(artifactAllowlists.get(type));
      },
    },
  ];
}
