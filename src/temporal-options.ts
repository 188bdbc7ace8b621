import { fileURLToPath } from 'node:url';
import { loadClientConnectConfig } from '@temporalio/envconfig';

/** Where profiles are kept, by operating system. */
const HOMES = ['HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'APPDATA'];

/** How this program reaches Temporal: TEMPORAL_* variables and profiles, as every Temporal tool reads them. @throws {Error} for a profile that is not there. */
export function temporalOptions(env: Readonly<Record<string, string | undefined>>) {
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(Object.entries(env).filter(([name, value]) => (name.startsWith('TEMPORAL_') || HOMES.includes(name)) && value !== undefined)) as Record<string, string> });
  return {
    connection: connectionOptions,
    namespace: namespace ?? 'default',
    dataConverter: { payloadConverterPath: fileURLToPath(new URL('./workflows/payload-converter.ts', import.meta.url)) },
  };
}
