/** Beside the address: a cluster id, two dashes and `ssh-tunnel-keys`. */
const REST = 37;
const LONGEST = 128;

/**
 * Whether somebody can connect with `databricks ssh`: it keeps its keys in a secret scope named after their address and
 * their cluster (docs/facts/ssh-and-claude.md section 2), and such a name is made of letters, digits, dashes,
 * underscores, @ and periods, at most 128 (docs.databricks.com, "Secret scopes").
 */
export const canConnect = (email: string): boolean => /^[\w.@-]+$/.test(email) && email.length <= LONGEST - REST;
