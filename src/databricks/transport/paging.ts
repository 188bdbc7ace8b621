import { z } from 'zod';
import { unexpected } from '../calls/json-answers.ts';
import { nameOf, type Call, type Transport } from './transport.ts';

/**
 * Every item of a listing, following next_page_token until it is missing or empty: a page may be
 * empty or lack its list and still carry a token (docs/facts/sdk.md section 4). The call given is not changed.
 * @throws {DatabricksError} UNEXPECTED_ANSWER when a token comes twice, which would never end.
 */
export async function* pages<T extends z.ZodType>(
  transport: Transport,
  call: Call,
  key: string,
  item: T,
  tokenIn: 'query' | 'body' = 'query',
): AsyncGenerator<z.output<T>, void> {
  const schema = z.object({ next_page_token: z.string().nullish(), [key]: z.array(item).nullish() });
  const seen = new Set<string>();
  for (let token: string | undefined; ;) {
    const next =
      token === undefined
        ? call
        : { ...call, [tokenIn]: { ...(call[tokenIn] as object | undefined), page_token: token } };
    const answer: Record<string, unknown> = await transport.read(schema, next);
    yield* (answer[key] ?? []) as z.output<T>[];
    token = (answer['next_page_token'] as string | null | undefined) || undefined;
    if (token === undefined) return;
    if (seen.has(token))
      throw unexpected(nameOf(call), 200, 'the listing leads back to a page it already gave, and would never end');
    seen.add(token);
  }
}

const scimPage = z.looseObject({ totalResults: z.number().nullish() });

/** SCIM resources a request asks for; the server may give fewer. */
const SCIM_COUNT = 500;

/**
 * Every resource of a SCIM listing. Pages begin at startIndex, which moves on by what really came;
 * Resources is absent when there are none (docs/facts/databricks-workspace.md section 10). Ends at totalResults or
 * at an empty page. A resource that slipped onto the next page meanwhile is given once.
 */
export async function* scimPages<T extends z.ZodType<{ id: string }>>(
  transport: Transport,
  call: Call,
  item: T,
): AsyncGenerator<z.output<T>, void> {
  const schema = scimPage.extend({ Resources: z.array(item).nullish() });
  const seen = new Set<string>();
  for (let startIndex = 1; ;) {
    const answer: z.output<typeof schema> = await transport.read(schema, {
      ...call,
      query: { count: SCIM_COUNT, ...call.query, startIndex },
    });
    const found = answer.Resources ?? [];
    for (const resource of found) {
      if (!seen.has(resource.id)) yield resource;
      seen.add(resource.id);
    }
    startIndex += found.length;
    if (found.length === 0 || (typeof answer.totalResults === 'number' && startIndex > answer.totalResults)) return;
  }
}

/** All items at once, for listings that are short by nature. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
