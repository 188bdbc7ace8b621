import { fileURLToPath } from 'node:url';
import { createSecureContext } from 'node:tls';
import { loadClientConfigProfile, toClientOptions } from '@temporalio/envconfig';
import { WrongSettings } from './client-errors.ts';
import { PayloadEncryption } from './encryption/payload-encryption.ts';

export { WrongSettings } from './client-errors.ts';

/** Where profiles are kept, by operating system. */
const HOMES = ['HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'APPDATA'];

const PORT = 7233;

const converter = (name: string) => fileURLToPath(new URL(`../workflows/shared/${name}.ts`, import.meta.url));

/**
 * How this program reaches Temporal, and what it lets it read: TEMPORAL_* variables and profiles, as every Temporal
 * tool reads them, and the keys of PayloadEncryption.
 * @throws {WrongSettings}
 */
export function temporalOptions(env: NodeJS.ProcessEnv) {
  const { connectionOptions, namespace } = read(settingsIn(env));
  const encryption = PayloadEncryption.from(env);
  return {
    connection: { ...connectionOptions, address: hostAndPort(connectionOptions.address || `localhost:${PORT}`, env) },
    namespace: namespace || 'default',
    dataConverter: {
      payloadConverterPath: converter('payload-converter'),
      // Readable in Temporal's own pages as long as nothing is encrypted.
      ...(encryption.encrypts ? { failureConverterPath: converter('failure-converter') } : {}),
      // Without a key too: it says what is missing where something is encrypted.
      payloadCodecs: [encryption],
    },
  };
}

/** Compose files and CI pass on what is not set as an empty text, and an empty API key would turn TLS on. */
function settingsIn(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]): [string, string][] => {
      if (value === undefined || !(name.startsWith('TEMPORAL_') || HOMES.includes(name))) return [];
      // An empty header takes away what the profile says.
      return value === '' && !name.startsWith('TEMPORAL_GRPC_META_') ? [] : [[name, value]];
    }),
  );
}

function read(settings: Record<string, string>) {
  try {
    const profile = loadClientConfigProfile({ overrideEnvVars: settings });
    const options = toClientOptions(profile);
    const { clientCert, clientKey } = profile.tls ?? {};
    // Half of it would be left out without a word.
    if ((clientCert === undefined) !== (clientKey === undefined))
      throw new Error(`the certificate of this client has ${clientKey === undefined ? 'no' : 'only its'} key`);
    refuseUnreadable(options.connectionOptions.tls);
    return options;
  } catch (error) {
    const [why = ''] = (error as Error).message.trim().split('\n');
    throw new WrongSettings(
      `The settings for Temporal cannot be used: ${why.replace(/[.:]$/, '')}. See ${blamed(settings, why)}.`,
    );
  }
}

type Tls = ReturnType<typeof toClientOptions>['connectionOptions']['tls'];

/** A connection that nobody can agree on would only be waited for. @throws {Error} */
function refuseUnreadable(tls: Tls): void {
  if (typeof tls !== 'object' || !tls) return;
  const { serverRootCACertificate: authority, clientCertPair: own } = tls;
  const pem = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes);
  if (authority && !Buffer.from(authority).includes('-----BEGIN CERTIFICATE-----'))
    throw new Error("the certificate of the server's authority is no PEM");
  try {
    createSecureContext({ ca: pem(authority), cert: pem(own?.crt), key: pem(own?.key) });
  } catch (error) {
    throw new Error(`certificate and key cannot be used: ${(error as Error).message}`, { cause: error });
  }
}

/** Which variable somebody should look at. */
function blamed(settings: Record<string, string>, why: string): string {
  if (why.startsWith('Profile ')) return 'TEMPORAL_PROFILE, and TEMPORAL_CONFIG_FILE where that profile should be';
  const file = Object.entries(settings).find(
    ([name, value]) => /^TEMPORAL_.*(PATH|FILE)$/.test(name) && why.includes(value),
  );
  if (file) return file[0];
  return settings['TEMPORAL_CONFIG_FILE']
    ? `TEMPORAL_CONFIG_FILE (${settings['TEMPORAL_CONFIG_FILE']})`
    : 'temporal.toml in your configuration folder, and the TEMPORAL_TLS_… variables';
}

/** People paste a web address; what the connection makes of one tells nobody what is wrong. */
function hostAndPort(address: string, env: NodeJS.ProcessEnv): string {
  const [written, , port] = /^(\[[^\]]+\]|[^:/\s]+)(:\d+)?$/.exec(address) ?? [];
  if (written !== undefined) return port === undefined ? `${address}:${PORT}` : address;
  const bare = address
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[/\s].*$/, '');
  const suggestion = /:\d+$/.test(bare) ? bare : `${bare}:${PORT}`;
  const source = env['TEMPORAL_ADDRESS'] === address ? 'TEMPORAL_ADDRESS' : 'The address in the Temporal profile';
  const example = /^[\w.-]+:\d+$/.test(suggestion) ? suggestion : `127.0.0.1:${PORT}`;
  throw new WrongSettings(`${source} is "${address}", but is written host:port, like ${example}.`);
}
