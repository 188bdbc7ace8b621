import { invalidParameter } from '../../http/errors.ts';
import { queryInteger } from '../../http/request-body.ts';
import { ok } from '../../http/router.ts';
import type { Call, Reply } from '../../http/router.ts';
import { parseScimFilter, valuesAt } from './scim-filter.ts';
import type { ScimResource } from './scim-resources.ts';

const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const LARGEST_PAGE = 10_000;

/**
 * A page of what matches the filter, in the order asked for. startIndex counts from 1; Resources is left out when
 * empty (docs/facts/databricks-workspace.md section 10).
 */
export function scimList(call: Call, all: readonly ScimResource[]): Reply {
  const filter = call.query.get('filter');
  const matching = sorted(call, filter ? all.filter(parseScimFilter(filter)) : all);
  const from = Math.max(1, queryInteger(call.query, 'startIndex', -1_000_000, 1_000_000_000) ?? 1);
  const count = Math.min(
    LARGEST_PAGE,
    Math.max(0, queryInteger(call.query, 'count', -1_000_000, 1_000_000_000) ?? LARGEST_PAGE),
  );
  const page = matching.slice(from - 1, from - 1 + count);
  return ok({
    schemas: [LIST_SCHEMA],
    totalResults: matching.length,
    startIndex: from,
    itemsPerPage: page.length,
    ...(page.length > 0 ? { Resources: page.map((one) => selectAttributes(call, one)) } : {}),
  });
}

/** `attributes=userName,emails.value` keeps those (and the id), `excludedAttributes` drops them. */
export function selectAttributes(call: Call, resource: ScimResource): unknown {
  const wanted = attributeNames(call.query.get('attributes'));
  const unwanted = attributeNames(call.query.get('excludedAttributes'));
  if (!wanted && !unwanted) return resource;
  const kept = Object.entries(resource).filter(
    ([name]) => name === 'id' || (wanted ? wanted.has(name.toLowerCase()) : !unwanted?.has(name.toLowerCase())),
  );
  return Object.fromEntries(kept);
}

function sorted(call: Call, resources: readonly ScimResource[]): readonly ScimResource[] {
  const by = call.query.get('sortBy');
  if (!by) return resources;
  const order = call.query.get('sortOrder') ?? 'ascending';
  if (order !== 'ascending' && order !== 'descending')
    throw invalidParameter("sortOrder must be 'ascending' or 'descending'.");
  const path = by.slice(0, 100).split('.');
  const keyed = resources.map((resource) => ({ resource, key: valuesAt(resource, path)[0] ?? '' }));
  const sign = order === 'ascending' ? 1 : -1;
  return keyed
    .toSorted((one, other) => sign * (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
    .map(({ resource }) => resource);
}

function attributeNames(list: string | null): ReadonlySet<string> | undefined {
  if (list === null || list.trim() === '') return undefined;
  if (list.length > 1_000) throw invalidParameter('The list of attributes is too long.');
  return new Set(list.split(',').map((name) => (name.trim().split('.')[0] ?? '').toLowerCase()));
}
