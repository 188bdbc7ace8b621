import type { Piece, Prompt, Tool } from './pieces.ts';
import { exampleOf } from './schema-example.ts';

/** The uses of tools that somebody asks for in so many words: see made-up-answer.ts. */
export function toolsAskedFor({ text: words, tools, mustUse }: Prompt): Piece[] {
  const allowed = mustUse ? [mustUse] : tools;
  const [, name, json] = /\buse (?:the )?(?:tool )?`?([\w.-]+)`?: *(\{[\s\S]*\})/i.exec(words) ?? [];
  const named = allowed.find((tool) => tool.name === name);
  const input = named && json !== undefined ? parsedObject(json) : undefined;
  if (named && input) return [{ type: 'tool', name: named.name, input }];
  const shell = allowed.find((tool) => /^bash$/i.test(tool.name) && hasCommand(tool)) ?? allowed.find(hasCommand);
  return shell
    ? commandsIn(words).map((command) => ({
        type: 'tool',
        name: shell.name,
        input: { ...exampleInput(shell), command },
      }))
    : [];
}

function commandsIn(words: string): string[] {
  const lines = [...words.matchAll(/\b(?:run|execute)\b[^:`\n]{0,60}:[ \t]*(?:`([^`\n]+)`|(\S.*))/gi)];
  const found = lines.length > 0 ? lines : [...words.matchAll(/\b(?:run|execute)\b[^`\n]{0,60}`([^`\n]+)`/gi)];
  return found.map(([, quoted, rest]) => (quoted ?? rest ?? '').trim()).filter((command) => command !== '');
}

const hasCommand = ({ schema }: Tool): boolean =>
  schema !== null &&
  typeof schema === 'object' &&
  'properties' in schema &&
  schema.properties !== null &&
  typeof schema.properties === 'object' &&
  'command' in schema.properties;

/** The smallest input that a tool takes. */
export function exampleInput({ schema }: Tool): Record<string, unknown> {
  const example = exampleOf(schema);
  return example !== null && typeof example === 'object' && !Array.isArray(example)
    ? (example as Record<string, unknown>)
    : {};
}

function parsedObject(json: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
