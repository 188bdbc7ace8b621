import { fileURLToPath } from 'node:url';
import { loadClientConnectConfig } from '@temporalio/envconfig';

/** How this program reaches Temporal: TEMPORAL_* variables and profiles, as every Temporal tool reads them. */
export function temporalOptions(env: Readonly<Record<string, string | undefined>>) {
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(Object.entries(env).filter(([name, value]) => name.startsWith('TEMPORAL_') && value !== undefined)) as Record<string, string> });
  return {
    connection: connectionOptions,
    namespace: namespace ?? 'default',
    dataConverter: { payloadConverterPath: fileURLToPath(new URL('./workflows/payload-converter.ts', import.meta.url)) },
  };
}
