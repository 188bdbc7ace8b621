import { fileURLToPath } from 'node:url';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { WrongSettings } from './client-errors.ts';
import { PayloadEncryption } from './payload-encryption.ts';

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
    return loadClientConnectConfig({ overrideEnvVars: settings });
  } catch (error) {
    const [why = ''] = (error as Error).message.trim().split('\n');
    throw new WrongSettings(
      `The settings for Temporal cannot be used: ${why.replace(/[.:]$/, '')}. See ${blamed(settings, why)}.`,
    );
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
  if (/^(\[[^\]]+\]|[^:/\s]+)(:\d+)?$/.test(address)) return address;
  const bare = address
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[/\s].*$/, '');
  const suggestion = /:\d+$/.test(bare) ? bare : `${bare}:${PORT}`;
  const source = env['TEMPORAL_ADDRESS'] === address ? 'TEMPORAL_ADDRESS' : 'The address in the Temporal profile';
  const example = /^[\w.-]+:\d+$/.test(suggestion) ? suggestion : `127.0.0.1:${PORT}`;
  throw new WrongSettings(`${source} is "${address}", but is written host:port, like ${example}.`);
}
