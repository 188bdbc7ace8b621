import { z } from 'zod';
import { fromBase64 } from '../http/base64.ts';
import { invalidParameter, notFound } from '../http/errors.ts';
import type { Chance } from '../chance.ts';
import { readBody, readRequiredBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Route } from '../http/router.ts';
import { requireAdmin } from '../identity/require-admin.ts';
import type { Workspace } from '../workspace.ts';

const LARGEST_BYTES = 64 * 1_024;
const scriptBody = z.object({
  name: text.min(1).max(255),
  script: text.min(1),
  enabled: z.boolean().default(false),
  position: z.int().min(0).optional(),
});

interface GlobalInitScript {
  readonly id: string;
  readonly createdBy: string;
  readonly createdAt: number;
  updatedBy: string;
  updatedAt: number;
  name: string;
  /** Base64, as it came. */
  script: string;
  enabled: boolean;
}

/** The scripts that an admin wants run on every cluster, in the order they are to run. They are kept and listed; the sandbox runs none of them. */
export class GlobalInitScripts {
  readonly #scripts: GlobalInitScript[] = [];
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  all(): readonly GlobalInitScript[] {
    return this.#scripts;
  }

  /** @throws 404 RESOURCE_DOES_NOT_EXIST. */
  get(id: string): GlobalInitScript {
    const script = this.#scripts.find((one) => one.id === id);
    if (!script) throw notFound(`Global init script with id ${id} does not exist.`);
    return script;
  }

  /** At its position or, without one, last. */
  create(given: z.output<typeof scriptBody>, by: string, at: number): GlobalInitScript {
    check(given);
    const { position, ...fields } = given;
    const script: GlobalInitScript = {
      id: this.#chance.hex().slice(0, 16).toUpperCase(),
      createdBy: by,
      createdAt: at,
      updatedBy: by,
      updatedAt: at,
      ...fields,
    };
    this.#scripts.splice(position ?? this.#scripts.length, 0, script);
    return script;
  }

  /** @throws 400, 404. */
  update(id: string, given: z.output<typeof scriptBody>, by: string, at: number): void {
    const script = this.get(id);
    check(given);
    const { position, ...fields } = given;
    Object.assign(script, fields, { updatedBy: by, updatedAt: at });
    if (position === undefined) return;
    this.#scripts.splice(this.#scripts.indexOf(script), 1);
    this.#scripts.splice(position, 0, script);
  }

  /** @throws 404. */
  delete(id: string): void {
    this.#scripts.splice(this.#scripts.indexOf(this.get(id)), 1);
  }
}

function check({ script }: { readonly script: string }): void {
  const bytes = fromBase64(script);
  if (!bytes) throw invalidParameter("Invalid value for field 'script': it must be Base64.");
  if (bytes.length > LARGEST_BYTES)
    throw invalidParameter(`A global init script can have at most ${LARGEST_BYTES} bytes, got ${bytes.length}.`);
}

/** /api/2.0/global-init-scripts, for admins only. */
export function globalInitScriptRoutes(workspace: Workspace): Route[] {
  const { globalInitScripts } = workspace;
  const source = 'Python SDK, GlobalInitScriptsAPI';
  const adminOnly = (call: Call): void => requireAdmin(workspace, call, 'manage global init scripts');
  const view = (script: GlobalInitScript): Record<string, unknown> => ({
    script_id: script.id,
    name: script.name,
    position: globalInitScripts.all().indexOf(script),
    enabled: script.enabled,
    created_by: script.createdBy,
    created_at: script.createdAt,
    updated_by: script.updatedBy,
    updated_at: script.updatedAt,
  });
  const path = '/api/2.0/global-init-scripts';
  return [
    {
      method: 'GET',
      path,
      does: 'Lists the global init scripts without their content (admins)',
      source,
      handle(call) {
        adminOnly(call);
        const scripts = globalInitScripts.all();
        return ok(scripts.length === 0 ? {} : { scripts: scripts.map(view) });
      },
    },
    {
      method: 'POST',
      path,
      does: 'Keeps a global init script; the sandbox does not run it (admins)',
      source,
      handle(call) {
        adminOnly(call);
        return ok({
          script_id: globalInitScripts.create(readBody(scriptBody, call.json), call.caller.userName, call.at).id,
        });
      },
    },
    {
      method: 'GET',
      path: `${path}/:id`,
      does: 'Answers a global init script with its content (admins)',
      source,
      handle(call) {
        adminOnly(call);
        const script = globalInitScripts.get(call.params['id'] ?? '');
        return ok({ ...view(script), script: script.script });
      },
    },
    {
      method: 'PATCH',
      path: `${path}/:id`,
      does: 'Replaces a global init script (admins)',
      source,
      handle(call) {
        adminOnly(call);
        globalInitScripts.update(
          call.params['id'] ?? '',
          readRequiredBody(scriptBody, call.json),
          call.caller.userName,
          call.at,
        );
        return ok({});
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:id`,
      does: 'Deletes a global init script (admins)',
      source,
      handle(call) {
        adminOnly(call);
        globalInitScripts.delete(call.params['id'] ?? '');
        return ok({});
      },
    },
  ];
}
