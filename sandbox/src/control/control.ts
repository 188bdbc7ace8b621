import type { IncomingMessage } from 'node:http';
import { ApiError } from '../http/errors.ts';
import { parseJson, readBytes } from '../http/request-bytes.ts';
import type { Reply } from '../http/router.ts';
import { booksRoutes } from './books-routes.ts';
import { clockRoutes } from './clock-routes.ts';
import { ControlRefusal } from './control-route.ts';
import type { ControlRoute, ControlWorld } from './control-route.ts';
import { faultRoutes } from './fault-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { distrust } from './trusted.ts';

const PREFIX = '/__sandbox/';

/** Every route under /__sandbox/, the list itself first. */
function controlRoutes(world: ControlWorld): ControlRoute[] {
  const routes: ControlRoute[] = [
    {
      method: 'GET',
      path: '',
      does: 'This list',
      handle: () => ({
        about:
          'Routes that only the sandbox has and no workspace. They answer on this machine only, need ' +
          'no token, and are counted nowhere.',
        routes: routes.map(({ method, path, does, takes }) => ({
          route: `${method} ${PREFIX}${path}`,
          does,
          ...(takes === undefined ? {} : { takes }),
        })),
      }),
    },
    ...booksRoutes(world),
    ...clockRoutes(world),
    ...peopleRoutes(world),
    ...faultRoutes(world),
  ];
  return routes;
}

/** Answers what is asked under /__sandbox/; undefined for anything else. */
export function createControl(
  world: ControlWorld,
): (request: IncomingMessage, rawPath: string, query: URLSearchParams) => Promise<Reply> | undefined {
  const routes = controlRoutes(world);
  return (request, rawPath, query) =>
    rawPath === PREFIX.slice(0, -1) || rawPath.startsWith(PREFIX)
      ? answer(routes, request, rawPath.slice(PREFIX.length), query)
      : undefined;
}

async function answer(
  routes: readonly ControlRoute[],
  request: IncomingMessage,
  path: string,
  query: URLSearchParams,
): Promise<Reply> {
  const refusal = distrust(request);
  if (refusal !== undefined) return refused(403, refusal, request);
  const there = routes.filter((route) => route.path === path);
  const route = there.find(({ method }) => method === request.method);
  if (!route) {
    const what =
      there.length === 0
        ? 'There is no such route here'
        : `This route takes ${there.map(({ method }) => method).join(' and ')} only`;
    return refused(there.length === 0 ? 404 : 405, `${what}. GET ${PREFIX} lists all of them.`, request);
  }
  try {
    const json = parseJson(await readBytes(request, 'json'));
    return readable(200, route.handle({ query, json }));
  } catch (error) {
    if (error instanceof ControlRefusal) return readable(error.status, { error: error.message });
    if (error instanceof ApiError) return readable(error.status, { error: error.message });
    return readable(500, { error: 'The sandbox failed to do this: it is a fault of the sandbox, not of the request.' });
  }
}

function refused(status: number, error: string, request: IncomingMessage): Reply {
  request.resume();
  return readable(status, { error });
}

/** People read these answers in a terminal. */
const readable = (status: number, json: unknown): Reply => ({
  status,
  bytes: Buffer.from(`${JSON.stringify(json, null, 2)}\n`),
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
});
