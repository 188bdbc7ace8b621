/** The same while people work: what the room does until it is mended, and who mends it. 0: it did not answer at all. */
export function adviceDuring(status: number, model: string, said = ''): string {
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
  return adviceFor(status, model, said);
}

/** Words of a refusal that no right would mend: of an IP access list, a firewall, or the account's network rules. */
const OF_THE_NETWORK =
  /\bip (access|acl|address)|\bfirewall|\bnetwork (access|polic)|private link|\bproxy\b|source ip/i;

/**
 * What a status of the Messages API means for a workshop, and what to do about it
 * (docs/facts/databricks-workspace.md section 9). For statuses that are not well.
 * @param said the server's own words
 */
export function adviceFor(status: number, model: string, said = ''): string {
  // Which status an expired token gets differs between workspaces.
  switch (/\binvalid (access )?token/i.test(said) ? 401 : status) {
    case 200:
      return (
        'What came is no answer of a model: somebody between the worker and the workspace answers instead, like a ' +
        'log-in page or a proxy. Open the address of the workspace from that computer, and exempt it from the proxy.'
      );
    case 400:
      return (
        `${model} refuses what Claude Code sends first, so it refuses everybody. Its own words say which field; ` +
        'another endpoint (serving.model), or another version of Claude Code (claudeCode.version), sends others.'
      );
    case 401:
      return "The worker's token is not accepted: renew its credentials.";
    case 403:
      if (OF_THE_NETWORK.test(said))
        return (
          'The network is refused, not the right: have the address of this computer put on the IP access list of the ' +
          'workspace (or of the account), or ask whoever runs the firewall.'
        );
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
