const CHARACTERS_PER_TOKEN = 4;
const TOKENS_PER_ATTACHMENT = 1_600;

/** Tokens of a text, roughly: one for every four characters begun. No tokenizer of a real model is public for it. */
export const tokensOf = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN);

/** The longest beginning of a text that has at most so many tokens; a pair of surrogates is never torn apart. */
export function firstTokens(text: string, tokens: number): string {
  const cut = text.slice(0, tokens * CHARACTERS_PER_TOKEN);
  return cut.length < text.length && /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/**
 * Tokens of what a model is given to read (system, messages, tools): those of its JSON, with 1,600 for every image or
 * document in place of its bytes. At least 1.
 */
export function inputTokensOf(read: unknown): number {
  let attachments = 0;
  const json = JSON.stringify(read, (_, value: unknown) => {
    if (!isAttachment(value)) return value;
    attachments += 1;
    return undefined;
  });
  return Math.max(1, tokensOf(json ?? '') + attachments * TOKENS_PER_ATTACHMENT);
}

const isAttachment = (value: unknown): boolean =>
  value !== null && typeof value === 'object' && 'data' in value && 'type' in value && value.type === 'base64';
