import type { Workspace } from '../../databricks/workspace.ts';

/** So many names fit into a sentence. */
const MOST = 8;

/**
 * What could stand under serving.model: the endpoints with a Claude in their names, which Claude Code knows by it
 * (docs/facts/claude-on-databricks.md section 1). A sentence, or nothing where the list cannot be read or has none.
 */
export async function claudeModelsListed({ servingEndpoints }: Pick<Workspace, 'servingEndpoints'>): Promise<string> {
  try {
    const names = (await servingEndpoints.list()).map(({ name }) => name).filter((name) => /claude/i.test(name));
    if (names.length === 0) return '';
    const more = names.length > MOST ? `, and ${names.length - MOST} more` : '';
    return `The workspace lists ${names.toSorted().slice(0, MOST).join(', ')}${more}.`;
  } catch {
    return '';
  }
}
