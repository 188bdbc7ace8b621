import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** Whether a connection comes from somebody who may drive the sandbox. May look at the process on the other end. */
export type Trust = (socket: Socket) => Promise<boolean>;

/** On a machine without nodes, whoever is on this machine. */
export const trustLoopback: Trust = async (socket) => isLoopbackAddress(socket.remoteAddress);

/**
 * Why a request may not drive the sandbox, in a sentence; undefined when it may. A web page open in somebody's browser is on this machine
 * too: its requests name where they come from, or, when its own name was made to point here, a host that is not this one.
 */
export async function distrust(request: IncomingMessage, trust: Trust): Promise<string | undefined> {
  if (!isLoopbackAddress(request.socket.remoteAddress)) return 'The routes under /__sandbox/ answer only on the machine that the sandbox runs on.';
  const host = request.headers.host ?? '';
  if (!isLoopbackHost(host)) return `The routes under /__sandbox/ answer only when they are asked by an address of this machine, such as 127.0.0.1, and not as ${host.slice(0, 100) || 'nobody'}.`;
  const site = request.headers['sec-fetch-site'];
  if (request.headers.origin !== undefined || (site !== undefined && site !== 'none')) return 'The routes under /__sandbox/ answer no web page: ask with curl, or open the address itself.';
  if (!(await trust(request.socket))) return 'The routes under /__sandbox/ do not answer what runs on a node of the sandbox.';
  return undefined;
}

const isLoopbackAddress = (address: string | undefined): boolean => address !== undefined && /^(127\.|::1$|::ffff:127\.)/.test(address);

const isLoopbackHost = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i.test(host);
