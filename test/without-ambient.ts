const AMBIENT = /^(DATABRICKS|ARM|TEMPORAL|OTEL)_/;

/** Programs that tests are to use, which say nothing about where to connect. */
const PROGRAMS = new Set(['TEMPORAL_TEST_SERVER', 'DATABRICKS_CLI', 'DATABRICKS_PYTHON']);

/**
 * No test may reach a real workspace, a Temporal server or a collector of traces that somebody uses, whatever this
 * shell is set up for.
 */
export function withoutAmbient(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !AMBIENT.test(name) || PROGRAMS.has(name)));
}
