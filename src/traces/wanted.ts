const ENDPOINTS = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
/** The more particular one goes first. */
const PROTOCOLS = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'];
const SENT_BY = 'http/protobuf';

/**
 * Whether traces are sent, by OpenTelemetry's own variables: an endpoint is named, or OTEL_TRACES_EXPORTER is `otlp`.
 * Without, nothing of it is loaded.
 * @param warn hears, in a sentence, of what this program cannot do: the variables may be there for another one
 */
export function tracesWanted(env: NodeJS.ProcessEnv, warn: (words: string) => void): boolean {
  if (env['OTEL_SDK_DISABLED'] === 'true') return false;
  const exporter = env['OTEL_TRACES_EXPORTER'];
  if (exporter === 'none' || !(exporter || ENDPOINTS.some((name) => env[name]))) return false;
  if (exporter && exporter !== 'otlp') {
    warn(`No traces are sent: OTEL_TRACES_EXPORTER is "${exporter}", and here it can only be otlp or none.`);
    return false;
  }
  const name = PROTOCOLS.find((one) => env[one]);
  if (name === undefined || env[name] === SENT_BY) return true;
  warn(`No traces are sent: ${name} is "${env[name]}", and here it can only be ${SENT_BY}.`);
  return false;
}
