/** Which right a call needs that was refused with 403, by the beginning of its path; the first that fits counts. */
const RIGHTS: readonly (readonly [call: RegExp, right: string])[] = [
  [/instance-pools\/create/, 'the entitlement "Allow pool creation", or be a workspace admin'],
  [/instance-pools\/(?:edit|delete)/, 'CAN_MANAGE on the instance pool (its maker has it, and every workspace admin)'],
  [/instance-pools\//, 'CAN_ATTACH_TO on the instance pool'],
  [/clusters\/create/, 'the entitlement "Unrestricted cluster creation", or CAN_USE on the cluster policy'],
  [/clusters\/(?:edit|permanent-delete|pin|unpin|resize)/, 'CAN_MANAGE on the cluster'],
  [/clusters\/(?:start|restart|delete)/, 'CAN_RESTART on the cluster'],
  [/policies\/clusters\//, 'be a workspace admin: nobody else makes or changes cluster policies'],
  [/permissions\//, 'CAN_MANAGE on the thing whose rights are to change'],
  [/serving-endpoints\//, 'CAN_QUERY on the serving endpoint'],
  [/jobs\/runs\/submit/, 'be a workspace admin to run a job as somebody else, and CAN_ATTACH_TO on the cluster'],
  [/preview\/scim\//, 'be a workspace admin: nobody else reads or adds users'],
  [/fs\/files\//, 'READ VOLUME and WRITE VOLUME on the volume, USE SCHEMA and USE CATALOG above it'],
  [/unity-catalog\//, 'MANAGE on the catalog, schema or volume, or be its owner'],
];

/**
 * What to do about a call that was answered 403, for a person.
 * @param call method and path, as a DatabricksError names it. Of each: docs/facts/databricks.md sections 4, 7, 8
 */
export function giveMissingRight(call: string): string {
  const right = RIGHTS.find(([path]) => path.test(call))?.[1];
  return right === undefined
    ? 'Ask a workspace admin for the right that is missing, or for the thing itself.'
    : `Ask a workspace admin. The identity that the worker runs as needs: ${right}.`;
}
