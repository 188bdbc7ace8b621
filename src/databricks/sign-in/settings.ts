import type { ConfigOptions } from '@databricks/sdk-experimental';
import { ConnectError } from '../transport/errors.ts';
import { hostOfProfile, profileFile } from './profile.ts';

export interface Credentials {
  readonly host?: string | undefined;
  readonly token?: string | undefined;
  readonly profile?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** The workspace's address, and what the SDK's Config is to be made of: as often as needed, each time afresh. */
export interface Settings {
  readonly host: string;
  readonly config: ConfigOptions;
}

/** A sandbox on this computer is the one thing that may speak plain http. */
const THIS_COMPUTER = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const AMBIENT_CREDENTIALS = new Set([
  'DATABRICKS_TOKEN',
  'DATABRICKS_USERNAME',
  'DATABRICKS_PASSWORD',
  'DATABRICKS_CLIENT_ID',
  'DATABRICKS_CLIENT_SECRET',
  'DATABRICKS_AUTH_TYPE',
  'DATABRICKS_METADATA_SERVICE_URL',
  'DATABRICKS_GOOGLE_SERVICE_ACCOUNT',
  'DATABRICKS_AZURE_RESOURCE_ID',
  'ARM_CLIENT_SECRET',
  'ARM_CLIENT_ID',
  'ARM_TENANT_ID',
  'ARM_USE_MSI',
  'GOOGLE_CREDENTIALS',
]);

/**
 * Decides, in this order, whose credentials are used: a token that was given; a profile that was given;
 * `env` as the SDK reads it, and the profile it names or DEFAULT. The first that applies is used alone,
 * so that a token is never sent to the host of another source. An empty `env` stands for nothing ambient.
 * @throws {ConnectError} when host or credentials are missing, or two sources name different workspaces.
 */
export function settle(given: Credentials): Settings {
  if (given.token !== undefined) return withToken(given, given.token);
  if (given.profile !== undefined) return withProfile(given, given.profile);
  if (Object.values(given.env).every((value) => value === undefined)) {
    throw new ConnectError(
      'There are no credentials for the workspace: ' +
        'give a token or a profile, or the environment variables that hold them.',
    );
  }
  return withEnvironment(given);
}

/** `https://adb-1.2.azuredatabricks.net` from whatever a person pasted out of the browser. */
export function originOf(host: string): string {
  const text = host.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new ConnectError(`"${text}" is not a workspace address: write it like https://adb-123.4.azuredatabricks.net`);
  }
  if (url.protocol === 'http:' && !THIS_COMPUTER.test(url.hostname)) {
    throw new ConnectError(
      `${url.origin} would send credentials unencrypted, so nothing was sent: write it with https://. Plain http is ` +
        'for a sandbox on this computer.',
    );
  }
  return url.origin;
}

function withToken({ host }: Credentials, token: string): Settings {
  if (host === undefined)
    throw new ConnectError('A token was given without the workspace it is for: give the host too.');
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new ConnectError('The token is empty or holds spaces, line breaks or letters no token has: copy it again.');
  const origin = originOf(host);
  return { host: origin, config: { host: origin, token, authType: 'pat', env: {}, loaders: [] } };
}

function withProfile(given: Credentials, profile: string): Settings {
  const configFile = profileFile(given.env);
  const named = hostOfProfile(configFile, profile);
  const host = agree(given.host, named, `the profile "${profile}"`);
  if (host === undefined) {
    throw new ConnectError(
      `The profile "${profile}" in ${configFile} names no host, or does not exist: ` +
        `run \`databricks auth login --profile ${profile}\`, or name another.`,
    );
  }
  return { host, config: { host, profile, configFile, env: {} } };
}

function withEnvironment(given: Credentials): Settings {
  const { env } = given;
  const configFile = profileFile(env);
  const inEnv = env['DATABRICKS_HOST'] || undefined;
  const profile =
    env['DATABRICKS_CONFIG_PROFILE'] ||
    (hasCredentials(env) ? undefined : fittingDefault(configFile, given.host ?? inEnv));
  const ofProfile = profile === undefined ? undefined : hostOfProfile(configFile, profile);
  const host = agree(
    given.host,
    inEnv ?? ofProfile,
    inEnv === undefined ? `the profile "${profile}"` : 'DATABRICKS_HOST',
  );
  if (host === undefined) {
    throw new ConnectError('No workspace address: set DATABRICKS_HOST, or name a profile that holds one.');
  }
  if (ofProfile !== undefined && inEnv !== undefined) agree(inEnv, ofProfile, `the profile "${profile}"`);
  return { host, config: { host, configFile, env: { ...env }, ...(profile === undefined ? {} : { profile }) } };
}

/** Two sources that name different workspaces would send one's token to the other. */
function agree(wanted: string | undefined, named: string | undefined, source: string): string | undefined {
  if (wanted === undefined) return named === undefined ? undefined : originOf(named);
  const origin = originOf(wanted);
  if (named !== undefined && originOf(named) !== origin) {
    throw new ConnectError(
      `The workspace is to be ${origin}, but ${source} is for ${originOf(named)}: ` +
        'its credentials are not sent elsewhere. Make the two the same.',
    );
  }
  return origin;
}

function hasCredentials(env: NodeJS.ProcessEnv): boolean {
  return Object.entries(env).some(
    ([name, value]) => value !== undefined && value !== '' && AMBIENT_CREDENTIALS.has(name),
  );
}

function fittingDefault(configFile: string, host: string | undefined): string | undefined {
  const named = hostOfProfile(configFile, 'DEFAULT');
  if (named === undefined) return undefined;
  return host === undefined || originOf(named) === originOf(host) ? 'DEFAULT' : undefined;
}
