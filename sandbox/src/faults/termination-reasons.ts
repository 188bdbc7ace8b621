import type { ClusterSpec, TerminationReason } from '../clusters/cluster-spec.ts';

interface Known {
  readonly type: TerminationReason['type'];
  readonly message: string;
  /** What Azure itself said. */
  readonly azure?: string;
}

/**
 * Codes that facilitators meet, with what the workspace says of them. The codes and the keys of their parameters are
 * facts (docs/facts/databricks.md section 3); types and sentences are made up in their manner, and a fault may give
 * others.
 */
const KNOWN: Readonly<Record<string, Known>> = {
  CLOUD_PROVIDER_RESOURCE_STOCKOUT: {
    type: 'CLOUD_FAILURE',
    message: 'The cloud provider is out of the requested instance type in this region.',
    azure: 'SkuNotAvailable',
  },
  CLOUD_PROVIDER_LAUNCH_FAILURE: {
    type: 'CLOUD_FAILURE',
    message: 'A cloud provider error was encountered while setting up the cluster.',
    azure: 'OperationNotAllowed',
  },
  AZURE_QUOTA_EXCEEDED_EXCEPTION: {
    type: 'CLIENT_ERROR',
    message: 'The operation would exceed the approved cores quota of this VM family.',
    azure: 'QuotaExceeded',
  },
  AZURE_RESOURCE_PROVIDER_THROTTLING: {
    type: 'CLOUD_FAILURE',
    message: 'Azure limits how often this subscription may ask for machines.',
    azure: 'TooManyRequests',
  },
  AZURE_VNET_CONFIGURATION_FAILURE: {
    type: 'CLIENT_ERROR',
    message: 'The virtual network of the workspace is not set up as clusters need it.',
    azure: 'InvalidSubnet',
  },
  SUBNET_EXHAUSTED_FAILURE: {
    type: 'CLIENT_ERROR',
    message: 'The subnet has no free IP address left for the nodes of the cluster.',
    azure: 'SubnetIsFull',
  },
  IP_EXHAUSTION_FAILURE: {
    type: 'CLIENT_ERROR',
    message: 'There is no free IP address left for the nodes of the cluster.',
  },
  INIT_SCRIPT_FAILURE: { type: 'CLIENT_ERROR', message: 'Script exit status is non-zero' },
  GLOBAL_INIT_SCRIPT_FAILURE: {
    type: 'CLIENT_ERROR',
    message: 'A global init script failed: script exit status is non-zero',
  },
  INSTANCE_POOL_MAX_CAPACITY_REACHED: {
    type: 'CLIENT_ERROR',
    message: 'The instance pool has reached its maximum capacity.',
  },
  INSTANCE_POOL_NOT_FOUND: { type: 'CLIENT_ERROR', message: 'The instance pool of the cluster does not exist.' },
  INSTANCE_POOL_CLUSTER_FAILURE: {
    type: 'CLIENT_ERROR',
    message: 'The instance pool could not give the cluster its instances.',
  },
  NPIP_TUNNEL_SETUP_FAILURE: { type: 'CLOUD_FAILURE', message: 'The tunnel to the control plane could not be set up.' },
  BOOTSTRAP_TIMEOUT: { type: 'CLOUD_FAILURE', message: 'A node did not come up in time.' },
  DRIVER_UNREACHABLE: { type: 'SERVICE_FAULT', message: 'The driver of the cluster could not be reached.' },
  SPARK_STARTUP_FAILURE: { type: 'SERVICE_FAULT', message: 'Spark failed to start on the driver.' },
  SPARK_IMAGE_DOWNLOAD_FAILURE: { type: 'SERVICE_FAULT', message: 'The runtime image could not be downloaded.' },
  RATE_LIMITED: { type: 'CLIENT_ERROR', message: 'Too many nodes were asked for at once in this workspace.' },
  REQUEST_THROTTLED: { type: 'CLIENT_ERROR', message: 'Too many nodes were asked for at once in this workspace.' },
  REQUEST_REJECTED: { type: 'SERVICE_FAULT', message: 'The control plane is overloaded and rejected the launch.' },
  UNEXPECTED_LAUNCH_FAILURE: {
    type: 'SERVICE_FAULT',
    message: 'The cluster could not be launched for a reason nobody foresaw.',
  },
};

interface Wanted {
  readonly code: string;
  readonly type?: TerminationReason['type'] | undefined;
  readonly message?: string | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/**
 * A termination reason as the workspace gives it, with the parameters that belong to its code, and its message for
 * `state_message`.
 */
export function terminationReason(
  wanted: Wanted,
  spec: ClusterSpec,
): { readonly reason: TerminationReason; readonly message: string } {
  const known = KNOWN[wanted.code];
  const message = wanted.message ?? known?.message ?? 'The cluster was terminated.';
  const poolId = spec.instance_pool_id;
  return {
    message,
    reason: {
      code: wanted.code,
      type: wanted.type ?? known?.type ?? 'SERVICE_FAULT',
      parameters: {
        databricks_error_message: message,
        ...(known?.azure ? { azure_error_code: known.azure, azure_error_message: message } : {}),
        ...(wanted.code.startsWith('INSTANCE_POOL_') && poolId ? { instance_pool_id: poolId } : {}),
        ...(wanted.code === 'INSTANCE_POOL_CLUSTER_FAILURE'
          ? { instance_pool_error_code: 'INSTANCE_POOL_MAX_CAPACITY_FAILURE' }
          : {}),
        ...wanted.parameters,
      },
    },
  };
}
