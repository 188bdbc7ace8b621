/** The same while people work: what the room does until it is mended, and who mends it. 0: it did not answer at all. */
export function adviceDuring(status: number, model: string): string {
  if (status === 429)
    return (
      'The limit of tokens or requests a minute is used up by the room. Now: say it aloud; whoever waits half a ' +
      'minute before the next prompt, types /clear between tasks and closes second sessions helps everybody. Ask the ' +
      `admin to raise the limits of ${model} (its page in the workspace, and the workspace's own token limit).`
    );
  if (status === 0 || status >= 500)
    return (
      `Nobody's Claude Code is to blame: ${model} has trouble. Now: say it aloud, and go on by hand for a while. ` +
      "Ask the admin to look at the endpoint's page in the workspace and at status.databricks.com."
    );
  return adviceFor(status, model);
}

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
