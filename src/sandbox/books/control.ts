import type { IncomingMessage } from 'node:http';
import { openBooks } from './books.ts';
import type { ClusterEntry } from './books.ts';
import type { Reply } from '../http/router.ts';
import type { Tally } from './tally.ts';
import type { Workspace } from '../workspace.ts';

const PREFIX = '/__sandbox/';

/**
 * The sandbox's own routes, which no workspace has: GET /__sandbox/books answers the books as JSON, with `provisioning` worked out for
 * `?clusters=id,id` or `?tag=Key=value` (all clusters without either). Loopback only, counted nowhere.
 */
export function controlReply(workspace: Workspace, tally: Tally, request: IncomingMessage, rawPath: string, query: URLSearchParams): Promise<Reply> | undefined {
  return rawPath.startsWith(PREFIX) ? controlled(workspace, tally, request, rawPath, query) : undefined;
}

async function controlled(workspace: Workspace, tally: Tally, request: IncomingMessage, rawPath: string, query: URLSearchParams): Promise<Reply> {
  request.resume();
  if (!isLoopback(request.socket.remoteAddress)) return { status: 403, json: { error: 'The books of the sandbox can only be read on the machine it runs on.' } };
  if (rawPath !== `${PREFIX}books` || request.method !== 'GET') return { status: 404, json: { error: 'The sandbox has GET /__sandbox/books and nothing else here.' } };
  const books = openBooks(workspace, tally);
  return { json: { ...books, provisioning: books.provisioning(choice(query)) } };
}

function choice(query: URLSearchParams): readonly string[] | ((cluster: ClusterEntry) => boolean) | undefined {
  const ids = query.get('clusters');
  if (ids !== null) return ids.split(',');
  const tag = query.get('tag');
  if (tag === null) return undefined;
  const [key = '', ...value] = tag.split('=');
  return (cluster) => cluster.tags[key] === value.join('=');
}

const isLoopback = (address: string | undefined): boolean => address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address);
