import type { Plan } from '../plan/plan.ts';

/** Bytes of one request of Claude Code (docs/facts/ssh-and-claude.md section 3). */
export const REQUEST_BYTES = 115_000;
const SYSTEM_BLOCKS = 3;
const TOOLS = 24;
/** Of an English text, roughly. */
const WORDS_PER_TOKEN = 0.75;

/**
 * A request as large and as greedy as Claude Code's: three blocks of system prompt, twenty-four tools, the plan's
 * max_tokens, which are reserved whole. What is asked makes an answer of about the plan's length, because a reservation
 * is held until the answer ends.
 */
export function loadRequest({
  model,
  demand,
}: Pick<Plan['serving'], 'model' | 'demand'>): Readonly<Record<string, unknown>> {
  const words = Math.max(1, Math.round(demand.outputTokens * WORDS_PER_TOKEN));
  const request = (fill: number) => ({
    model,
    max_tokens: demand.maxTokens,
    system: Array.from({ length: SYSTEM_BLOCKS }, () => ({ type: 'text', text: prose(fill) })),
    tools: Array.from({ length: TOOLS }, (_, index) => ({
      name: `Tool${index + 1}`,
      description: prose(fill),
      input_schema: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] },
    })),
    messages: [{ role: 'user', content: `This is a load test. Use no tool. Write ${words} words about the weather.` }],
  });
  const bare = JSON.stringify(request(0)).length;
  return request(Math.ceil((REQUEST_BYTES - bare) / (SYSTEM_BLOCKS + TOOLS)));
}

const SENTENCE = 'Read the file before you change it, and say in a few plain words what you did and why. ';
/** At least one letter: empty blocks are refused. */
const prose = (length: number): string =>
  SENTENCE.repeat(Math.ceil(length / SENTENCE.length) + 1).slice(0, Math.max(1, length));
