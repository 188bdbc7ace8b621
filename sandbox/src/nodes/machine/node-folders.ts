import { join } from 'node:path';
import { isDedicated } from '../../clusters/cluster-spec.ts';
import type { Cluster } from '../../clusters/cluster-model.ts';
import type { Mount } from './machine-mounts.ts';
import type { NodesWorld } from '../nodes-world.ts';

/**
 * What of the workspace's files a node shows: the volumes that the cluster's one user may read, writable where they
 * may write, their own folder and the shared one. A cluster that is dedicated to nobody shows what everybody may see:
 * whoever may attach to it is root there.
 */
export function foldersSeenBy(workspace: NodesWorld, cluster: Cluster): Mount[] {
  const { securables, home, principals, workspaceFiles } = workspace;
  const name = isDedicated(cluster.spec) ? (cluster.spec.single_user_name ?? '') : 'users';
  const subjects = securables.subjectsOf(name);
  const volumes = [...securables.ofType('volume')].flatMap((volume): Mount[] => {
    if (securables.missing(subjects, volume, 'READ_VOLUME') !== undefined) return [];
    const path = volume.fullName.split('.');
    return [
      {
        from: join(home.files, 'Volumes', ...path),
        to: `/Volumes/${path.join('/')}`,
        writable: securables.missing(subjects, volume, 'WRITE_VOLUME') === undefined,
      },
    ];
  });
  const person = principals.find(name);
  const own = person && workspaceFiles.homeFolderOf(person);
  return [
    ...volumes,
    { from: join(home.files, 'Workspace', 'Shared'), to: '/Workspace/Shared', writable: true },
    ...(person && own !== undefined ? [{ from: own, to: `/Workspace/Users/${person.userName}`, writable: true }] : []),
  ];
}
