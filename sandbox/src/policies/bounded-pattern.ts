import { createContext, Script } from 'node:vm';

/**
 * A pattern may be written so that it takes for ever: nobody's policy stops the workspace for longer than this.
 * Measured on the clock, so that a computer that is busy with other things needs room: a good pattern takes no
 * millisecond.
 */
const LONGEST_MS = 2_000;

const scope: { pattern?: RegExp; text?: string } = createContext({});
const search = new Script('pattern.test(text)');

/**
 * The pattern of a policy, which must fit the whole value. A leading `(?i)`, as the real workspace takes it, stands
 * for the flag.
 * @throws {SyntaxError} when it is no regular expression.
 */
export function wholePattern(source: string): RegExp {
  const [, flag, rest = ''] = /^(\(\?i\))?([\s\S]*)$/.exec(source) ?? [];
  return new RegExp(`^(?:${rest})$`, flag === undefined ? '' : 'i');
}

/** Whether it fits; one that takes too long does not. */
export function fits(pattern: RegExp, text: string): boolean {
  try {
    Object.assign(scope, { pattern, text });
    return search.runInContext(scope, { timeout: LONGEST_MS }) === true;
  } catch {
    return false;
  }
}
