import type { Call, CallerRoute, Method, Reply, Route } from './router.ts';

type Action<Parts> = readonly [method: Method, path: string, does: string, act: (parts: Parts, call: Call) => Reply];

/**
 * The same actions below every root, such as two versions of an API that answer alike.
 * @param shared what all of them have in common.
 */
export const actionRoutes = <Parts>(
  parts: Parts,
  roots: readonly string[],
  shared: Pick<CallerRoute, 'source'>,
  actions: readonly Action<Parts>[],
): Route[] =>
  roots.flatMap((root) =>
    actions.map(([method, path, does, act]): Route => ({
      ...shared,
      method,
      path: `${root}/${path}`,
      does,
      handle: (call) => act(parts, call),
    })),
  );
