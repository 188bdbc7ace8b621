import type { IncomingMessage } from 'node:http';

/**
 * Why a request may not drive the sandbox, in a sentence; undefined when it may. A web page open in somebody's
 * browser is on this machine too: its requests name where they come from, or, when its own name was made to point
 * here, a host that is not this one.
 */
export function distrust(request: IncomingMessage): string | undefined {
  // What runs on a node comes in without an address: through a socket of its own, as nodes have a network of their own.
  if (!isLoopbackAddress(request.socket.remoteAddress))
    return 'The routes under /__sandbox/ answer only on the machine that the sandbox runs on.';
  const host = request.headers.host ?? '';
  if (!isLoopbackHost(host))
    return (
      'The routes under /__sandbox/ answer only when they are asked by an address of this machine, ' +
      `such as 127.0.0.1, and not as ${host.slice(0, 100) || 'nobody'}.`
    );
  const site = request.headers['sec-fetch-site'];
  if (request.headers.origin !== undefined || (site !== undefined && site !== 'none'))
    return 'The routes under /__sandbox/ answer no web page: ask with curl, or open the address itself.';
  return undefined;
}

const isLoopbackAddress = (address: string | undefined): boolean =>
  address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address);

const isLoopbackHost = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i.test(host);
