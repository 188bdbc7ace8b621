import { getCACertificates } from 'node:tls';
import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { ConnectError, UnreachableError } from './errors.ts';

export interface Timeouts {
  /** To reach the workspace and agree on TLS. */
  readonly connectMs: number;
  /** From the request to the first byte of the answer. */
  readonly headersMs: number;
  /** Between two pieces of the answer. */
  readonly bodyMs: number;
}

/** Together below a minute, which is what one call may take (docs/design.md section "Activities"). */
export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 10_000, headersMs: 30_000, bodyMs: 15_000 };

/**
 * The sandbox is on this machine, and no company proxy can reach it; Go's clients, and so the Databricks CLI, leave
 * these out too.
 */
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

/**
 * Connections with every timeout set, certificates always verified, and the proxy that `env` names
 * (HTTPS_PROXY, NO_PROXY in either case; plain http is for this computer, where no proxy is needed). The process's own
 * environment is not read.
 * `ca` is PEM and comes on top of the usual authorities.
 */
export function openConnections(env: NodeJS.ProcessEnv, timeouts: Timeouts, ca?: string): Dispatcher {
  const tls = {
    timeout: timeouts.connectMs,
    rejectUnauthorized: true,
    allowH2: false,
    ...(ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] }),
  };
  const noProxy = env['no_proxy'] ?? env['NO_PROXY'] ?? '';
  return new EnvHttpProxyAgent({
    httpProxy: '',
    httpsProxy: proxyIn(env),
    noProxy: noProxy.trim() === '*' ? '*' : [noProxy, ...LOOPBACK].filter(Boolean).join(','),
    connect: tls,
    requestTls: tls,
    proxyTls: tls,
    allowH2: false,
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.bodyMs,
  });
}

/** The empty text keeps the agent from looking into the process's own environment. @throws {ConnectError} */
function proxyIn(env: NodeJS.ProcessEnv): string {
  const proxy = (env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '').trim();
  if (proxy === '') return '';
  const address = /^[a-z0-9+.-]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  if (!/^https?:/i.test(address) || !URL.canParse(address)) {
    throw new ConnectError(
      'HTTPS_PROXY is not the address of a web proxy: write it like http://proxy.example.com:8080',
    );
  }
  return address;
}

/** Nothing of the request can have reached the workspace under these. */
const BEFORE_SENDING = new RegExp(
  '^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|PROXY_REFUSED|EPROTO)$' +
    '|CERT|TLS|SSL|LEAF_SIGNATURE',
);

/** Turns whatever the network threw into an error that says what it means. The original is its cause. */
export function unreachable(call: string, cause: unknown): UnreachableError {
  const code = codeOf(cause);
  return new UnreachableError(call, code, !BEFORE_SENDING.test(code), explain(code, cause), cause);
}

function codeOf(cause: unknown): string {
  for (let at: unknown = cause; at instanceof Error; at = at.cause) {
    if (/Proxy response \(\d+\)/.test(at.message)) return 'PROXY_REFUSED';
    const code = (at as NodeJS.ErrnoException).code;
    if (typeof code === 'string' && code !== '') return code;
    if (at instanceof AggregateError && at.errors[0] instanceof Error) return codeOf(at.errors[0]);
  }
  return 'UNKNOWN';
}

const PERHAPS_DONE = 'The call may have been carried out: look before repeating it.';

function explain(code: string, cause: unknown): string {
  if (/^(ENOTFOUND|EAI_AGAIN)$/.test(code))
    return 'the name is not known here. Check the workspace address, the VPN and DNS.';
  if (code === 'ECONNREFUSED')
    return 'nothing listens at that address. Check the workspace address and the proxy settings.';
  if (code === 'UND_ERR_CONNECT_TIMEOUT')
    return 'the address did not respond in time. Check the VPN, the firewall and the proxy settings.';
  if (code === 'PROXY_REFUSED')
    return (
      `the proxy would not pass the connection on (${(cause as Error).message}). ` +
      'Ask its keeper to allow the workspace address.'
    );
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO')
    return 'what answers there does not speak TLS. Check the address: https:// and the port.';
  if (/CERT|TLS|SSL|LEAF_SIGNATURE|EPROTO/.test(code))
    return (
      'the certificate could not be verified. If a company proxy opens TLS, give its certificate authority; ' +
      'verification is never switched off.'
    );
  if (code.endsWith('TIMEOUT')) return `it was silent for too long. ${PERHAPS_DONE}`;
  if (/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(code)) return `the connection broke off. ${PERHAPS_DONE}`;
  return `${cause instanceof Error ? cause.message : String(cause)}. ${PERHAPS_DONE}`;
}
