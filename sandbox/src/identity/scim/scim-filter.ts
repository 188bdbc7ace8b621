import { ApiError } from '../../http/errors.ts';

type Test = (resource: Readonly<Record<string, unknown>>) => boolean;

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|([A-Za-z0-9][\w.$:-]*))/y;
const LONGEST = 4_000;

/**
 * Reads a SCIM filter: comparisons with eq, ne, co, sw and pr, joined by `and` and `or` (and binds closer). Text is
 * compared without regard to case (docs/facts/databricks-workspace.md section 10).
 * @throws 400 with scimType invalidFilter.
 */
export function parseScimFilter(filter: string): Test {
  if (filter.length > LONGEST) throw badFilter('it is too long');
  const tokens = tokenize(filter);
  const either: Test[][] = [[]];
  for (let index = 0; ;) {
    const length = wordAt(tokens, index + 1) === 'pr' ? 2 : 3;
    either.at(-1)?.push(comparison(tokens.slice(index, index + length)));
    index += length;
    if (index >= tokens.length) break;
    const word = wordAt(tokens, index);
    if (word === 'or') either.push([]);
    else if (word !== 'and') throw badFilter(`expected "and" or "or", found "${tokens[index]?.text}"`);
    index += 1;
  }
  return (resource) => either.some((all) => all.every((test) => test(resource)));
}

/** A word outside of quotes, in lower case. */
function wordAt(tokens: readonly Token[], index: number): string | undefined {
  const token = tokens[index];
  return token && !token.quoted ? token.text.toLowerCase() : undefined;
}

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

function tokenize(filter: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (filter.slice(TOKEN.lastIndex).trim() !== '') {
    const match = TOKEN.exec(filter);
    if (!match) throw badFilter('only comparisons joined by "and" and "or" are understood');
    tokens.push(
      match[1] === undefined
        ? { text: match[2] ?? '', quoted: false }
        : { text: match[1].replaceAll(/\\(.)/g, '$1'), quoted: true },
    );
  }
  return tokens;
}

function comparison([attribute, operator, operand]: readonly Token[]): Test {
  const isPresence = operator?.text.toLowerCase() === 'pr';
  if (!attribute || !operator || attribute.quoted || operator.quoted || (!operand && !isPresence))
    throw badFilter('a comparison reads like userName eq "a@example.com"');
  const path = attribute.text.split('.');
  if (!operand) return (resource) => valuesAt(resource, path).some((value) => value !== '');
  const wanted = operand.text.toLowerCase();
  const compare = comparator(operator.text.toLowerCase(), wanted);
  const isNot = operator.text.toLowerCase() === 'ne';
  return (resource) => {
    const found = valuesAt(resource, path);
    return isNot ? found.every(compare) : found.some(compare);
  };
}

function comparator(operator: string, wanted: string): (value: string) => boolean {
  switch (operator) {
    case 'eq':
      return (value) => value === wanted;
    case 'ne':
      return (value) => value !== wanted;
    case 'co':
      return (value) => value.includes(wanted);
    case 'sw':
      return (value) => value.startsWith(wanted);
    default:
      throw badFilter(`the operator "${operator}" is not supported`);
  }
}

/** Every value an attribute path reaches, in lower case; a path to a list of objects means their `value`. */
export function valuesAt(from: unknown, path: readonly string[]): string[] {
  if (Array.isArray(from)) return from.flatMap((one) => valuesAt(one, path));
  const [step, ...rest] = path;
  if (from !== null && typeof from === 'object') {
    const name = Object.keys(from).find((key) => key.toLowerCase() === (step ?? 'value').toLowerCase());
    return name === undefined ? [] : valuesAt((from as Record<string, unknown>)[name], rest);
  }
  const isScalar = typeof from === 'string' || typeof from === 'number' || typeof from === 'boolean';
  return step === undefined && isScalar ? [String(from).toLowerCase()] : [];
}

const badFilter = (why: string): ApiError =>
  new ApiError({
    status: 400,
    errorCode: 'INVALID_PARAMETER_VALUE',
    message: `Invalid filter: ${why}.`,
    scimType: 'invalidFilter',
  });
