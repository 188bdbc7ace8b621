import { nodeAddress } from '../../clusters/cluster-model.ts';
import type { Cluster } from '../../clusters/cluster-model.ts';

type Environment = Readonly<Record<string, string>>;

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a shell cannot do without. */
const BASE: Environment = { PATH, HOME: '/root' };

/**
 * What a cluster-scoped init script finds: these and the cluster's own spark_env_vars, and nothing else; no
 * DATABRICKS_HOST and no DATABRICKS_TOKEN (docs/facts/databricks.md section 6).
 * @param own spark_env_vars, secrets filled in.
 */
export function initScriptEnvironment(cluster: Cluster, own: Environment): Environment {
  const address = nodeAddress(cluster);
  return {
    ...BASE,
    DB_CLUSTER_ID: cluster.id,
    DB_CLUSTER_NAME: cluster.spec.cluster_name,
    DB_CONTAINER_IP: address,
    DB_DRIVER_IP: address,
    DB_INSTANCE_TYPE: cluster.spec.node_type_id ?? '',
    DB_IS_DRIVER: 'TRUE',
    DB_IS_JOB_CLUSTER: cluster.source === 'JOB' ? 'TRUE' : 'FALSE',
    ...own,
  };
}

/** What a notebook, a Python file or a command finds. */
export function taskEnvironment(cluster: Cluster, own: Environment): Environment {
  return {
    ...BASE,
    PATH: `/databricks/python3/bin:${PATH}`,
    USER: 'root',
    SHELL: '/bin/bash',
    VIRTUAL_ENV: '/databricks/python3',
    DB_CLUSTER_ID: cluster.id,
    DB_DRIVER_IP: nodeAddress(cluster),
    DB_IS_DRIVER: 'TRUE',
    DATABRICKS_RUNTIME_VERSION: runtimeVersion(cluster),
    ...own,
  };
}

/** What the SSH server finds, and hands on to every session (docs/facts/ssh-and-claude.md section 2.12). */
export function sshServerEnvironment(cluster: Cluster, own: Environment, host: string, token: string): Environment {
  return {
    ...taskEnvironment(cluster, own),
    DATABRICKS_HOST: host,
    DATABRICKS_TOKEN: token,
    DATABRICKS_CLUSTER_ID: cluster.id,
    DATABRICKS_VIRTUAL_ENV: '/databricks/python3/bin/python',
    DATABRICKS_REMOTE_ENV: '1',
  };
}

/** `17.3` of `17.3.x-scala2.13`. */
const runtimeVersion = (cluster: Cluster): string => /^\d+\.\d+/.exec(cluster.spec.spark_version ?? '')?.[0] ?? '';
