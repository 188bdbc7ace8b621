import { isIP } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { noServer } from './answers.ts';
import { NoAnswer, NoServer } from './client-errors.ts';
import type { temporalOptions } from './connection-options.ts';

type Address = Pick<ReturnType<typeof temporalOptions>['connection'], 'address' | 'tls' | 'apiKey'>;

/** A server says only after the handshake that it wants a certificate: so long nothing is to come. */
const CALM_MS = 1_000;
const LONGEST_MS = 4_000;

type Outcome = { readonly is: 'agreed' | 'silent' } | { readonly is: 'refused'; readonly error: NodeJS.ErrnoException };

/** What it means that a connection did not come about, and what to do. @param error what the client made of it */
export async function whyUnreachable(error: unknown, where: Address): Promise<NoAnswer> {
  const found = noServer(error, where.address);
  if (!(found instanceof NoServer)) return found;
  const trouble = await troubleWithTls(where);
  return trouble === undefined ? found : new NoAnswer(`The Temporal server at ${where.address}: ${trouble}`);
}

/**
 * Why, as far as TLS has to do with it: the clients of Temporal only say that they have waited long enough. Undefined
 * where TLS is not the reason.
 */
async function troubleWithTls({ address, tls: encrypted, apiKey }: Address): Promise<string | undefined> {
  const { host, port } = partsOf(address);
  if (!(encrypted ?? apiKey !== undefined)) return troubleInTheClear(host, port);
  const tls = typeof encrypted === 'object' && encrypted ? encrypted : {};
  const name = tls.serverNameOverride ?? host;
  const outcome = await shakeHands({
    host,
    port,
    ...(isIP(name) ? {} : { servername: name }),
    ca: bytesOf(tls.serverRootCACertificate),
    cert: bytesOf(tls.clientCertPair?.crt),
    key: bytesOf(tls.clientCertPair?.key),
  });
  if (outcome.is !== 'refused') return undefined;
  return meaningOf(outcome.error, { name, hasOwn: tls.clientCertPair !== undefined });
}

/** A server that speaks TLS takes what is not encrypted for noise. */
async function troubleInTheClear(host: string, port: number): Promise<string | undefined> {
  // Nothing is sent: whoever it is, it is only asked whether it speaks TLS.
  const outcome = await shakeHands({ host, port, rejectUnauthorized: false });
  const speaksTls = outcome.is === 'agreed' || (outcome.is === 'refused' && isAlert(outcome.error));
  return speaksTls
    ? 'It speaks TLS only. Set TEMPORAL_TLS=true, or TEMPORAL_API_KEY or the TEMPORAL_TLS_… variables.'
    : undefined;
}

function meaningOf(
  error: NodeJS.ErrnoException,
  { name, hasOwn }: { readonly name: string; readonly hasOwn: boolean },
): string | undefined {
  const code = error.code ?? '';
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(code))
    return (
      'What answers there does not speak TLS. Unset TEMPORAL_TLS, TEMPORAL_API_KEY and the TEMPORAL_TLS_… variables, ' +
      'or ask for its other port.'
    );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return (
      `Its certificate is not for ${name}. Set TEMPORAL_TLS_SERVER_NAME to a name that is in it. ` +
      `(${error.message})`
    );
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return `Its certificate is not valid today: it needs another one. (${error.message})`;
  if (/SELF_SIGNED|LEAF_SIGNATURE|ISSUER_CERT|CERT_UNTRUSTED|INVALID_CA|CERT_SIGNATURE/.test(code))
    return (
      'Its certificate is signed by an authority that is not trusted here. Set TEMPORAL_TLS_SERVER_CA_CERT_PATH to ' +
      `the certificate of that authority. (${error.message})`
    );
  // Some servers end the connection without a word.
  if (!isAlert(error) && code !== 'ECONNRESET') return undefined;
  return hasOwn
    ? 'It refuses our certificate. Set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH to one that an ' +
        `authority signed which it trusts, and that is valid today. (${error.message.trim()})`
    : 'It wants to see a certificate of ours. Set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH. ' +
        `(${error.message.trim()})`;
}

const isAlert = ({ code = '' }: NodeJS.ErrnoException): boolean => /^ERR_SSL_.*ALERT/.test(code);

/** Agrees on TLS as a client of Temporal would, and goes again without having said anything. Never rejects. */
function shakeHands(options: ConnectionOptions): Promise<Outcome> {
  return new Promise((settle) => {
    let socket: TLSSocket | undefined;
    const end = (outcome: Outcome) => {
      clearTimeout(longest);
      socket?.destroy();
      settle(outcome);
    };
    const longest = setTimeout(() => end({ is: 'silent' }), LONGEST_MS);
    try {
      socket = connect({ ...options, ALPNProtocols: ['h2'] });
    } catch (error) {
      end({ is: 'refused', error: error as NodeJS.ErrnoException });
      return;
    }
    socket.once('secureConnect', () => setTimeout(() => end({ is: 'agreed' }), CALM_MS));
    socket.once('error', (error) => end({ is: 'refused', error }));
    socket.once('close', () =>
      end({ is: 'refused', error: Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }) }),
    );
    // What it says is not looked at, but has to be read for what comes after it.
    socket.resume();
  });
}

const bytesOf = (pem: Uint8Array | undefined): Buffer | undefined => pem && Buffer.from(pem);

function partsOf(address: string): { host: string; port: number } {
  const { hostname, port } = new URL(`tcp://${address}`);
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}
