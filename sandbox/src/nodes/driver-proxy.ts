import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import type { Cluster } from '../clusters/cluster-model.ts';
import { requireToReach } from '../clusters/single-user.ts';
import { ApiError, invalidParameter, notFound } from '../http/errors.ts';
import { joinSockets } from '../http/join-sockets.ts';
import type { Call, Method, Reply, Route } from '../http/router.ts';
import type { Principal } from '../identity/principals.ts';
import type { Workspace } from '../workspace.ts';

const METHODS: readonly Method[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const PATH = '/driver-proxy-api/o/:org/:cluster/:port/*rest';
const RAW_PATH = /^\/driver-proxy-api\/o\/([^/?]+)\/([^/?]+)\/(\d{1,5})(\/[^?]*)?(\?.*)?$/;

/**
 * Of the request's and the answer's headers, those that belong to one connection and are not handed on; nor is the
 * token, which would be whoever's is root on the node.
 */
const OF_ONE_HOP = new Set([
  'authorization',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'proxy-authorization',
  'host',
]);

interface Target {
  readonly cluster: Cluster;
  readonly port: number;
  /** Path and query as the program on the node gets them. */
  readonly path: string;
}

/**
 * The driver proxy over HTTP: what listens on a port of a cluster's node, for the one user the cluster is dedicated
 * to (docs/facts/databricks.md section 4).
 */
export function driverProxyRoutes(workspace: Workspace): Route[] {
  return METHODS.map((method) => ({
    method,
    path: PATH,
    body: 'bytes',
    readsOnly: true,
    does: "Hands a request on to a port of a cluster's node",
    source: 'docs/facts/ssh-and-claude.md section 2.10',
    handle: (call) => handOn(workspace, method, call),
  }));
}

/** The driver proxy for connections that become something else, such as the WebSocket that carries SSH. */
export function upgradeToNode(
  workspace: Workspace,
  caller: Principal,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const target = targetOf(workspace, caller, request.url ?? '');
  connect(workspace, target)
    .then((node) => join(node, target, request, socket, head))
    .catch(() =>
      socket.end('HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\ncontent-length: 0\r\n\r\n', () => socket.destroy()),
    );
}

/** Sends the request on as it came, and then every byte in both directions. */
function join(node: Socket, target: Target, request: IncomingMessage, socket: Duplex, head: Buffer): true {
  const lines = [`${request.method ?? 'GET'} ${target.path} HTTP/1.1`];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    if (name.toLowerCase() !== 'authorization') lines.push(`${name}: ${request.rawHeaders[index + 1]}`);
  }
  node.write(`${lines.join('\r\n')}\r\n\r\n`);
  node.write(head);
  joinSockets(node, socket);
  return true;
}

async function handOn(workspace: Workspace, method: Method, call: Call): Promise<Reply> {
  const target = targetOf(workspace, call.caller, call.url);
  const node = await connect(workspace, target);
  const headers = Object.fromEntries(Object.entries(call.headers).filter(([name]) => !OF_ONE_HOP.has(name)));
  return new Promise((resolve, reject) => {
    const onward = httpRequest({
      createConnection: () => node,
      method,
      path: target.path,
      headers: { ...headers, host: `127.0.0.1:${target.port}`, connection: 'close' },
    });
    onward.on('response', (answer) => {
      const back = Object.fromEntries(
        Object.entries(answer.headers).flatMap(([name, value]) =>
          OF_ONE_HOP.has(name) || value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
        ),
      );
      resolve({ status: answer.statusCode ?? 502, headers: back, chunks: answer });
    });
    onward.on('upgrade', () =>
      reject(unreachable(target, 'it answered with another protocol, which nobody asked for')),
    );
    onward.on('error', () => reject(unreachable(target, 'it closed the connection')));
    onward.end(call.bytes);
  });
}

/**
 * @throws {ApiError} for a wrong address, a cluster that does not run, and whoever it is not dedicated to, in this
 * order.
 */
function targetOf(workspace: Workspace, caller: Principal, url: string): Target {
  const [, org, id = '', port, rest = '/', query = ''] = RAW_PATH.exec(url) ?? [];
  if (org === undefined) throw notFound('There is nothing here to connect to.', 'ENDPOINT_NOT_FOUND');
  if (org !== workspace.id)
    throw invalidParameter(`Workspace ${org.slice(0, 40)} is not this one, which is ${workspace.id}.`);
  const cluster = workspace.clusters.get(decodedId(id));
  requireToReach(workspace, cluster, caller);
  return { cluster, port: Number(port), path: `${rest}${query}` };
}

function decodedId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    throw invalidParameter('The path of the request is not correctly percent-encoded.');
  }
}

async function connect(workspace: Workspace, target: Target): Promise<Socket> {
  try {
    return await workspace.nodes.connect(target.cluster, target.port);
  } catch (error) {
    throw unreachable(target, (error as Error).message);
  }
}

const unreachable = ({ cluster, port }: Target, why: string): ApiError =>
  new ApiError({
    status: 502,
    errorCode: 'BAD_GATEWAY',
    message: `Nothing answers on port ${port} of the driver of cluster ${cluster.id}: ${why}.`,
  });
