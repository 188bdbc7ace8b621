import type { Plan } from '../plan/plan.ts';
import { mostOutputTokens } from '../replayed/made/claude-settings.ts';

/** Bytes of one request of Claude Code (docs/facts/ssh-and-claude.md section 3). */
export const REQUEST_BYTES = 115_000;
const SYSTEM_BLOCKS = 3;
const TOOLS = 24;
/** What a command prints. */
const OUTPUT_BYTES = 1_000;
/** Of an English text, roughly. */
const WORDS_PER_TOKEN = 0.75;

/**
 * A request as large and as greedy as Claude Code's: three blocks of system prompt, twenty-four tools, the plan's
 * max_tokens, which are reserved whole. What is asked makes an answer of about the plan's length, because a reservation
 * is held until the answer ends.
 * @param commands that Claude Code has run for this prompt already: each request repeats them and what they said
 */
export function loadRequest(
  plan: Pick<Plan, 'serving'> & Partial<Pick<Plan, 'claudeCode'>>,
  commands = 0,
): Readonly<Record<string, unknown>> {
  const { model, demand } = plan.serving;
  const words = Math.max(1, Math.round(demand.outputTokens * WORDS_PER_TOKEN));
  const request = (fill: number) => ({
    model,
    max_tokens: mostOutputTokens(plan),
    system: Array.from({ length: SYSTEM_BLOCKS }, () => ({ type: 'text', text: prose(fill) })),
    tools: Array.from({ length: TOOLS }, (_, index) => ({
      name: `Tool${index + 1}`,
      description: prose(fill),
      input_schema: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] },
    })),
    messages: [
      { role: 'user', content: `This is a load test. Use no tool. Write ${words} words about the weather.` },
      ...Array.from({ length: commands }, (_, index) => commandThatRan(index + 1)).flat(),
    ],
  });
  const bare = JSON.stringify(request(0)).length;
  return request(Math.ceil((REQUEST_BYTES - bare) / (SYSTEM_BLOCKS + TOOLS)));
}

const commandThatRan = (n: number) => {
  const id = `toolu_load_${n}`;
  return [
    { role: 'assistant', content: [{ type: 'tool_use', id, name: 'Tool1', input: { command: 'ls -l' } }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: prose(OUTPUT_BYTES) }] },
  ];
};

const SENTENCE = 'Read the file before you change it, and say in a few plain words what you did and why. ';
/** At least one letter: empty blocks are refused. */
const prose = (length: number): string =>
  SENTENCE.repeat(Math.ceil(length / SENTENCE.length) + 1).slice(0, Math.max(1, length));
