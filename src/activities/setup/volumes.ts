import type { Plan } from '../../domain/plan/plan.ts';
import { meansAlreadyExists, meansNotFound } from '../../databricks/workspace.ts';
import type { ActivityDeps } from '../deps.ts';
import { asFailure, isForbidden, lasting } from '../retryable-failures.ts';
import type { Run } from '../run.ts';

export const SCRIPTS_COMMENT = 'Init scripts of workshops';

/** Volumes for scripts and logs, created where missing. */
export const volumeActivities = ({ workspace }: ActivityDeps) => ({
  /** Idempotent: looks, creates, and takes "already exists" as success. Returns evidence for the checklist. */
  async ensureVolumes(_run: Run, { plan }: { plan: Plan }): Promise<string> {
    const evidence: string[] = [];
    for (const [volume, comment] of [
      [plan.unityCatalog.scripts, SCRIPTS_COMMENT],
      [plan.unityCatalog.logs, 'Logs and reports of workshops'],
    ] as const) {
      evidence.push(`${volume} ${await ensureVolume(workspace, volume, comment)}`);
    }
    return evidence.join(', ');
  },
});

export const sqlForVolume = (volume: string) => `CREATE VOLUME IF NOT EXISTS ${quoted(volume)};`;

/** Backticks around each part: a dash in a name is otherwise an operator. */
export const quoted = (name: string) =>
  name
    .split('.')
    .map((part) => `\`${part}\``)
    .join('.');

/**
 * Idempotent. Says whether it was there. @throws FORBIDDEN, with the SQL for an admin, when it is not and must not be
 * made
 */
export async function ensureVolume(
  workspace: ActivityDeps['workspace'],
  volume: string,
  comment: string,
): Promise<string> {
  try {
    await workspace.volumes.get(volume);
    return 'is there';
  } catch (error) {
    if (!meansNotFound(error)) throw asFailure(error, [sqlForVolume(volume)]);
  }
  const [catalog_name, schema_name, name] = volume.split('.') as [string, string, string];
  try {
    const made = await workspace.volumes
      .create({ catalog_name, schema_name, name, volume_type: 'MANAGED', comment })
      .then(
        () => true,
        (error: unknown) => {
          if (meansAlreadyExists(error)) return false;
          throw error;
        },
      );
    await workspace.volumes.get(volume);
    return made ? 'created' : 'is there';
  } catch (error) {
    if (isForbidden(error)) {
      throw lasting('FORBIDDEN', `The worker may not create the volume ${volume}.`, 'Have an admin create it.', [
        sqlForVolume(volume),
      ]);
    }
    throw error;
  }
}
