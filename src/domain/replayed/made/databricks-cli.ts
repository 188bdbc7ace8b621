/** The processors that `databricks ssh` wants a CLI for in the workspace (docs/facts/ssh-and-claude.md section 2.6). */
const ARCHITECTURES = ['amd64', 'arm64'] as const;

/** Before it there was no `databricks ssh` (docs/facts/databricks.md section 5). */
export const OLDEST_CLI = '0.269.0';

/**
 * A release of the databricks CLI: how its files are called, where they come from, and where they lie below the scripts
 * volume. jobs/as-attendee.py looks there.
 */
export const CLI_RELEASE = {
  archives: (version: string): readonly string[] =>
    ARCHITECTURES.map((architecture) => `databricks_cli_${version}_linux_${architecture}.zip`),
  /** The release's own list. */
  sums: (version: string) => `databricks_cli_${version}_SHA256SUMS`,
  page: (version: string) => `https://github.com/databricks/cli/releases/download/v${version}`,
  staged: (version: string) => `databricks-cli/${version}`,
  stagedSums: 'SHA256SUMS',
} as const;

/** @returns whether `databricks ssh` is in that version; of three numbers. */
export function hasSsh(version: string): boolean {
  const [numbers, oldest] = [version, OLDEST_CLI].map((text) => text.split('.').map(Number));
  for (const [index, least] of (oldest ?? []).entries()) {
    const number = numbers?.[index] ?? 0;
    if (number !== least) return number > least;
  }
  return true;
}
