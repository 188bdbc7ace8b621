import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { meansNotFound, type Workspace } from '../../databricks/workspace.ts';
import { unsealed, type SealState } from '../../domain/papers/report-seal.ts';
import type { Report } from '../../domain/papers/report.ts';
import { volumePath } from '../../domain/replayed/made/volume-path.ts';

/** A report that was found somewhere else than in Temporal. */
export interface StoredReport {
  readonly report: Report;
  readonly where: string;
  readonly seal: SealState;
}

/**
 * From the folders that workers write to, the first that has one; undefined when none has. A broken file counts as
 * none.
 */
export async function reportInFolders(
  folders: readonly string[],
  id: string,
  keys: readonly string[],
): Promise<StoredReport | undefined> {
  for (const folder of folders) {
    const where = join(folder, id, 'report.json');
    const report = await readFile(where, 'utf8').then(
      (text) => asReport(text, id),
      () => undefined,
    );
    if (report) return { ...unsealed(report, keys), where };
  }
  return undefined;
}

/**
 * From the logs volume, where each run of an id leaves `workshop-<id>-<runid>.json`: the newest whose seal fits one of
 * the keys, because attendees can write there too; else the newest of all. Without the volume there is none.
 */
export async function reportInVolume(
  workspace: Pick<Workspace, 'files'>,
  volume: string,
  id: string,
  keys: readonly string[],
): Promise<StoredReport | undefined> {
  const runs = new RegExp(`^workshop-${id}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.json$`);
  const found: { path: string; at: number }[] = [];
  try {
    for await (const { path, is_directory, last_modified = 0 } of workspace.files.list(volumePath(volume))) {
      if (is_directory !== true && runs.test(path.split('/').at(-1) ?? '')) found.push({ path, at: last_modified });
    }
  } catch (error) {
    if (!meansNotFound(error)) throw error;
  }
  let newest: StoredReport | undefined;
  for (const { path } of found.toSorted((a, b) => b.at - a.at)) {
    const bytes = await workspace.files.download(path);
    const report = bytes && asReport(bytes.toString('utf8'), id);
    // A sealed report of another run, copied to this name, would be true and old.
    if (!report || !path.endsWith(`-${report.workshop.runId}.json`)) continue;
    const stored = { ...unsealed(report, keys), where: path };
    if (stored.seal === 'as written') return stored;
    newest ??= stored;
  }
  return newest;
}

function asReport(text: string, id: string): Report | undefined {
  try {
    const value = JSON.parse(text) as Partial<Report> | null;
    return value?.workshop?.id === id && value.attendees && value.proof ? (value as Report) : undefined;
  } catch {
    return undefined;
  }
}
