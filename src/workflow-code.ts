import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const workflowsPath = here('./workflows/index.ts');

/**
 * Where the workflows are, for whoever bundles them. All of their code is loaded once for a worker and shared by its
 * workflows: loaded for each of them anew, each takes more than a megabyte and tens of milliseconds. So nothing may be
 * kept at the level of a module, and a schema is asked by `z.parse(schema, …)`: its own methods come into being when
 * they are first asked for, and what is shared is frozen.
 */
export const WORKFLOW_CODE = {
  workflowsPath,
  preloadModules: [here('./workflows/shared/schemas-shared.ts'), workflowsPath],
};

const runEnded = here('./workflows/shared/run-ended.ts');

/**
 * The same, which also tells its worker when a run ends: for traces. It replays what the other began, and the other way
 * round.
 */
export const WORKFLOW_CODE_THAT_TELLS = {
  workflowsPath,
  preloadModules: [...WORKFLOW_CODE.preloadModules, runEnded],
  workflowInterceptorModules: [runEnded],
};
