/** What holds credentials, or says where they are. */
const CREDENTIALS = /^(DATABRICKS|ARM|GOOGLE)_/;

/**
 * What a `databricks` CLI needs in its environment to be the caller whose proof this is; to be kept secret. A bearer
 * token serves for every way of signing in, and needs neither a profile nor `az`; where more headers than that are
 * needed, the CLI signs in by itself, from the variables that the caller has.
 */
export function cliEnvironment(
  host: string,
  headers: readonly (readonly [string, string])[],
  env: NodeJS.ProcessEnv,
): Record<string, string> {
  const [only, ...more] = headers;
  const token =
    more.length === 0 && only?.[0].toLowerCase() === 'authorization' ? /^Bearer (\S+)$/.exec(only[1])?.[1] : undefined;
  if (token !== undefined) return { DATABRICKS_HOST: host, DATABRICKS_TOKEN: token, DATABRICKS_AUTH_TYPE: 'pat' };
  const own = Object.entries(env).filter(
    (entry): entry is [string, string] => CREDENTIALS.test(entry[0]) && entry[1] !== undefined,
  );
  return { ...Object.fromEntries(own), DATABRICKS_HOST: host };
}
