import type { Route } from './router.ts';

/** A route as people read about it. */
export interface RouteLine {
  readonly method: string;
  readonly path: string;
  readonly does: string;
  readonly source: string;
}

/** By path, and in it by method. */
export const describeRoutes = (routes: readonly Route[]): RouteLine[] =>
  routes
    .map(({ method, path, does, source }) => ({ method, path, does, source }))
    .sort((a, b) => (a.path === b.path ? (a.method < b.method ? -1 : 1) : a.path < b.path ? -1 : 1));
