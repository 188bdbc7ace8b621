import type { Piece, Prompt } from './pieces.ts';
import { exampleOf } from './schema-example.ts';
import { exampleInput, toolsAskedFor } from './tools-asked-for.ts';

/** What is said to everything else. */
const STANDARD = 'Hello from the sandbox: no model was asked.';
const MOST_WORDS = 20_000;
/** Beyond this, searching what a client sent would take its time. */
const LONGEST_LOOKED_AT = 8_000;

/**
 * Answers without a model, always the same to the same words, so that rehearsals and checks have something to
 * compare. Of a long prompt the last 8,000 characters count. In this order:
 *
 * - After results of tools: those results, word for word; `The tool failed:` and its words when it failed.
 * - `Run: <command>`, once or on several lines, or "run ... `<command>`": every command goes to the tool `Bash`, or
 *   to the first tool whose input has a `command`.
 * - `Use <tool>: {"json": "input"}`: that tool with that input.
 * - A tool that must be used is used, with the smallest input that its schema allows.
 * - A JSON Schema for the answer: the smallest value that fits.
 * - `Reply with exactly: X` (also answer, respond or say; exactly, only or just): X.
 * - `What is 2+2?`, `Calculate 12 * 3`: the number alone.
 * - `Write 200 words`: so many.
 * - Anything else: a sentence that says that no model was asked.
 */
export function madeUpAnswer(whole: Prompt): readonly Piece[] {
  const prompt = { ...whole, text: whole.text.slice(-LONGEST_LOOKED_AT) };
  if (prompt.toolResults.length > 0)
    return [text(prompt.toolResults.map((one) => (one.failed ? `The tool failed: ${one.text}` : one.text)).join('\n'))];
  const asked = toolsAskedFor(prompt);
  if (asked.length > 0) return asked;
  if (prompt.mustUse) return [{ type: 'tool', name: prompt.mustUse.name, input: exampleInput(prompt.mustUse) }];
  if (prompt.answerSchema !== undefined) return [text(JSON.stringify(exampleOf(prompt.answerSchema)))];
  const { text: words } = prompt;
  return [text(markedWords(words) ?? arithmetic(words) ?? wordsAlone(words) ?? manyWords(words) ?? STANDARD)];
}

const text = (words: string): Piece => ({ type: 'text', text: words });

const VERB = String.raw`\b(?:reply|answer|respond|say|output|print)\s+(?:with\s+)?`;
const ONLY = String.raw`(?:exactly|only|just|(?:the|a) (?:single |one )?(?:word|text|string|line))\b`;
const FILLING = String.raw`(?:\s+(?:with|this|these|the|single|one|word|words|text|string|line|following))*`;
const SAY = `${VERB}${ONLY}${FILLING}`;
const MARKED = new RegExp(String.raw`${SAY}\s*(?::\s*(\S.*)|"([^"]+)"|'([^']+)'|${'`'}([^${'`'}]+)${'`'})`, 'i');
const ALONE = new RegExp(String.raw`${SAY}\s+(\S.*)`, 'i');

/** What is to be said word for word, after a colon or between quotation marks. */
function markedWords(words: string): string | undefined {
  const found = MARKED.exec(words);
  if (!found) return undefined;
  const marked = (found[1] ?? found[2] ?? found[3] ?? found[4] ?? '').trimEnd();
  return /^(["'`])(.+)\1$/.exec(marked)?.[2] ?? marked;
}

/** The same without any mark, up to the end of the line or sentence. */
const wordsAlone = (words: string): string | undefined =>
  ALONE.exec(words)?.[1]
    ?.replace(/,?\s+and nothing (?:else|more).*$/i, '')
    .replace(/[.!]?\s*$/, '');

const NUMBER = String.raw`(-?\d{1,15}(?:\.\d{1,9})?)`;
const SIGN = String.raw`(\+|-|−|\*|x|×|\/|÷|plus|minus|times|divided by)`;
const SUM = new RegExp(
  String.raw`\b(?:what(?:'s| is)|how much is|calculate|compute)\s+${NUMBER}\s*${SIGN}\s*${NUMBER}`,
  'i',
);

function arithmetic(words: string): string | undefined {
  const [, left, sign, right] = SUM.exec(words) ?? [];
  if (left === undefined || sign === undefined || right === undefined) return undefined;
  const result = calculated(Number(left), sign.toLowerCase(), Number(right));
  return Number.isFinite(result) ? String(Number(result.toPrecision(15))) : undefined;
}

function calculated(left: number, sign: string, right: number): number {
  if (sign === '+' || sign === 'plus') return left + right;
  if (sign === '-' || sign === '−' || sign === 'minus') return left - right;
  return sign === '/' || sign === '÷' || sign === 'divided by' ? left / right : left * right;
}

function manyWords(words: string): string | undefined {
  const [, count] = /\bwrite (?:about |exactly |at least )?(\d{1,6}) words\b/i.exec(words) ?? [];
  return count === undefined
    ? undefined
    : Array.from({ length: Math.min(Number(count), MOST_WORDS) }, (_, index) => `word${index + 1}`).join(' ');
}
