const LONGEST = 300;

/**
 * What a server says of a refusal, in its own words and on one line: the message of Databricks' or of Anthropic's body,
 * the title of a page, else the beginning of what came. Cut with a sign. Empty where nothing was said.
 * @param text without secrets
 */
export function ownWords(text: string): string {
  const said = messageIn(text) ?? /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1] ?? text.replaceAll(/<[^>]*>/g, ' ');
  const line = said.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

function messageIn(text: string): string | undefined {
  const body = parsed(text);
  const { message, error } = body ?? {};
  const inner = typeof error === 'object' && error !== null ? (error as { message?: unknown }).message : error;
  return [message, inner].find((one): one is string => typeof one === 'string' && one !== '');
}

/** Whether this is an answer of the Messages API, and no page of somebody between. */
export function isMessage(text: string): boolean {
  const body = parsed(text);
  return body?.['type'] === 'message' && Array.isArray(body['content']);
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
