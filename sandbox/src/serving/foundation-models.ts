/** A model of the platform itself, as far as requests can tell. */
export interface FoundationModel {
  /** Also the name of its endpoint. */
  readonly name: string;
  readonly displayName: string;
  readonly maxOutputTokens: number;
}

/** Tokens of a prompt together with max_tokens; the published table was out of reach, so all models are alike here. */
export const CONTEXT_WINDOW = 200_000;
/** For a request whose anthropic-beta header asks for it. */
export const LONG_CONTEXT_WINDOW = 1_000_000;

/**
 * What the workspace comes with: the names of docs/facts/databricks-workspace.md section 9, and one that older plans
 * name.
 */
export const FOUNDATION_MODELS: readonly FoundationModel[] = [
  { name: 'databricks-claude-sonnet-4-5', displayName: 'Claude Sonnet 4.5', maxOutputTokens: 64_000 },
  { name: 'databricks-claude-sonnet-4-6', displayName: 'Claude Sonnet 4.6', maxOutputTokens: 64_000 },
  { name: 'databricks-claude-opus-4-1', displayName: 'Claude Opus 4.1', maxOutputTokens: 32_000 },
  { name: 'databricks-claude-opus-4-8', displayName: 'Claude Opus 4.8', maxOutputTokens: 128_000 },
  { name: 'databricks-claude-haiku-4-5', displayName: 'Claude Haiku 4.5', maxOutputTokens: 64_000 },
];
