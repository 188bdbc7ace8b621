/**
 * The Claude Code that everything here was tried with (docs/facts/ssh-and-claude.md section 3). install-claude-code.sh
 * knows the same two.
 */
export const PINNED_CLAUDE_CODE = {
  version: '2.1.197',
  /** Of the archive as npm has it. */
  sha256: '42b12aa7a1d57d9f48b49acecca37643a81528ad873629e0fc5f043730621b14',
} as const;

/** The npm package that holds nothing but the native program for a cluster's nodes. */
export const CLAUDE_CODE_PACKAGE = '@anthropic-ai/claude-code-linux-x64';

/** What a cluster of the workshop runs while it boots, in the scripts volume. */
export const INIT_SCRIPT = 'install-claude-code.sh';

/** Where the bundle lies, below the scripts volume. install-claude-code.sh looks there. */
export const BUNDLE = {
  tools: 'on-cluster.tar.gz',
  toolsSum: 'on-cluster.sha256',
  wheels: 'wheelhouse',
  claudeCode: (version: string) => `claude-code/${version}`,
  archive: (version: string) => `claude-code-linux-x64-${version}.tgz`,
  sums: 'SHA256SUMS',
} as const;

/** A workspace's two addresses of the Messages API, `<host>/<gateway>/anthropic`. */
export const GATEWAYS = ['serving-endpoints', 'ai-gateway'] as const;
export type Gateway = (typeof GATEWAYS)[number];

/**
 * With less, Claude Code sends a budget of thinking that the API refuses
 * (docs/facts/claude-on-databricks.md section 2.1).
 */
export const LEAST_OUTPUT_TOKENS = 2_000;
