import { notImplemented } from './errors.ts';
import type { Method, Route } from './router.ts';

/**
 * A route that a real workspace has on a path that the sandbox knows with other methods: without it clients would be
 * told that there is no such API.
 */
export const leftOut = (method: Method, path: string): Route => ({
  method,
  path,
  does: 'Answers 501: the sandbox leaves it out',
  source: 'databricks CLI and SDKs, which can ask it',
  handle(call) {
    throw notImplemented(method, call.url.split('?', 1)[0] ?? path);
  },
});
