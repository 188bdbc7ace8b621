/**
 * What a status of the Messages API means for a workshop, and what to do about it
 * (docs/facts/databricks-workspace.md section 9). For statuses that are not well.
 */
export function adviceFor(status: number, model: string): string {
  switch (status) {
    case 401:
      return "The worker's token is not accepted: renew its credentials.";
    case 403:
      return (
        `The worker may not query ${model}: grant it CAN_QUERY on the endpoint, and check that the workspace ` +
        'allows it.'
      );
    case 404:
      return `There is no endpoint named ${model} here: put the name of one that exists into the plan (serving.model).`;
    case 429:
      return (
        "The workspace's token limit is used up already, before the workshop: find out by whom, or ask for " +
        'provisioned throughput.'
      );
    default:
      return 'The serving endpoint has trouble: look at its page in the workspace.';
  }
}
