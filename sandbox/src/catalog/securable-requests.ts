import { z } from 'zod';
import { ApiError, permissionDenied } from '../http/errors.ts';
import { queryInteger, readRequiredBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Reply } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { nextPage, pageStart } from '../http/page-start.ts';
import { SEEING } from './privileges.ts';
import { view } from './securable-views.ts';
import { title } from './securables.ts';
import type { Securable } from './securables.ts';

type ContainedType = 'catalog' | 'schema' | 'volume';

/** When max_results is 0 the server chooses. */
const PAGE_OF_CHOICE = 100;

export const objectName = text
  .min(1)
  .regex(
    /^[^./\\ \p{Cc}]+$/u,
    'is not a valid name. Valid names cannot contain spaces, periods, forward slashes, or control characters.',
  )
  // They name folders too.
  .refine(
    (name) => name.isWellFormed() && Buffer.byteLength(name.toLowerCase()) <= 255,
    'must be at most 255 bytes long',
  );
export const comment = text.max(65_535).optional();
export const properties = z
  .record(text.min(1).max(255), text.max(4_000))
  .refine((given) => Object.keys(given).length <= 1_000, 'has more than 1000 keys')
  .optional();

const changesBody = z.object({
  new_name: objectName.optional(),
  comment,
  owner: text.min(1).optional(),
  properties,
  options: properties,
  isolation_mode: z.enum(['OPEN', 'ISOLATED']).optional(),
});

/** What catalogs, schemas and volumes have in common: seeing, listing, changing and removing them. */
export class SecurableRequests {
  readonly #workspace: Workspace;
  readonly #type: ContainedType;

  constructor(workspace: Workspace, type: ContainedType) {
    this.#workspace = workspace;
    this.#type = type;
  }

  /** @throws 403 for who may neither use nor browse nor manage it. */
  get(call: Call): Reply {
    const { securables } = this.#workspace;
    const found = this.#named(call);
    const subjects = securables.subjectsOf(call.caller.userName);
    if (securables.holds(subjects, found, 'BROWSE') || securables.mayManage(subjects, found)) return ok(view(found));
    securables.require(call.caller.userName, found, SEEING[this.#type]);
    return ok(view(found));
  }

  /**
   * Those the caller may use; with include_browse=true those they may only browse, too. With max_results in pages,
   * without it whole.
   */
  list(call: Call, parent?: Securable): Reply {
    const { securables } = this.#workspace;
    const subjects = securables.subjectsOf(call.caller.userName);
    const withBrowse = call.query.get('include_browse') === 'true';
    const isUsable = (one: Securable): boolean => securables.holds(subjects, one, SEEING[this.#type]);
    const all = [...securables.ofType(this.#type)].filter(
      (one) => one.parent === parent && (isUsable(one) || (withBrowse && securables.holds(subjects, one, 'BROWSE'))),
    );
    const asked = queryInteger(call.query, 'max_results', 0, 10_000);
    const from = pageStart(call.query.get('page_token'));
    const size = asked === undefined ? all.length : asked === 0 ? PAGE_OF_CHOICE : asked;
    const items = all
      .slice(from, from + size)
      .map((one) => (isUsable(one) ? view(one) : { ...view(one), browse_only: true }));
    return ok({ ...(items.length > 0 ? { [`${this.#type}s`]: items } : {}), ...nextPage(from + size, all.length) });
  }

  /**
   * Renames, hands over, describes.
   * @throws 403 for who is neither owner nor may MANAGE, 404 for an owner who does not exist, 409 for a name that is
   * taken.
   */
  update(call: Call): Reply {
    const { securables, volumeFiles } = this.#workspace;
    const body = readRequiredBody(changesBody, call.json);
    const found = this.#managed(call);
    const owner = body.owner === undefined ? found.owner : securables.principalName(body.owner);
    if (body.new_name !== undefined) {
      const before = found.fullName;
      securables.rename(found, body.new_name);
      if (found.fullName !== before) volumeFiles.renameFolder(before, found.fullName, call.at);
    }
    found.owner = owner;
    // An empty comment takes the comment away.
    if (body.comment !== undefined) found.comment = body.comment || undefined;
    if (body.properties !== undefined) found.properties = body.properties;
    if (body.options !== undefined) found.options = body.options;
    if (body.isolation_mode !== undefined) found.isolationMode = body.isolation_mode;
    found.updatedAt = call.at;
    found.updatedBy = call.caller.userName;
    return ok(view(found));
  }

  /** @throws 400 INVALID_STATE when something is in it, unless force=true. */
  remove(call: Call): Reply {
    const { securables, volumeFiles } = this.#workspace;
    const found = this.#managed(call);
    const below = securables.below(found);
    const children = below.filter((one) => one.parent === found);
    const first = children[0];
    if (first && call.query.get('force') !== 'true') {
      throw new ApiError({
        status: 400,
        errorCode: 'INVALID_STATE',
        message:
          `${title(found.type)} '${found.fullName}' is not empty. The ${found.type} has ` +
          `${children.length} ${first.type}(s).`,
      });
    }
    for (const one of [...below, found]) securables.remove(one);
    volumeFiles.removeFolder(found.fullName, call.at);
    return ok({});
  }

  #named(call: Call): Securable {
    return this.#workspace.securables.get(this.#type, call.params['name'] ?? '');
  }

  #managed(call: Call): Securable {
    const { securables } = this.#workspace;
    const found = this.#named(call);
    if (!securables.mayManage(securables.subjectsOf(call.caller.userName), found))
      throw permissionDenied(`User is not an owner of ${title(this.#type)} '${found.fullName}'.`);
    return found;
  }
}
