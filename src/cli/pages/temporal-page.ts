import { workshopAddress } from '../../domain/replayed/made/addresses.ts';

/** Where Temporal's web pages are, like `http://127.0.0.1:8233`; a plan does not know. `local` prints it. */
export const TEMPORAL_UI = 'WORKSHOP_TEMPORAL_UI';

/** The page of a workshop's own workflow, among those of all its people. @param ui the beginning of every page */
export const pageInTemporal = (ui: string, namespace: string, id: string): string =>
  `${ui.replace(/\/+$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/` +
  encodeURIComponent(workshopAddress(id));

/** The same where the environment says where Temporal's pages are. */
export function temporalPage(env: NodeJS.ProcessEnv, namespace: string, id: string): string | undefined {
  const ui = env[TEMPORAL_UI];
  return ui === undefined || ui === '' ? undefined : pageInTemporal(ui, namespace, id);
}
