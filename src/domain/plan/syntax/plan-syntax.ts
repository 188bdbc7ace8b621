import {
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type ParsedNode,
  type YAMLError,
} from 'yaml';
import { excerpt, type Problem } from '../problem.ts';
import { isSecretName, secretOffsets } from '../secrets.ts';
import { fieldName, openedBefore, placeAt, placesOf, type Place } from '../yaml-places.ts';

/** A file that is YAML and may be a plan: what is written there, and where. */
export interface ParsedPlan {
  /** The fields as they are written, unchecked. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly places: readonly Place[];
  readonly lines: LineCounter;
}

/** Twenty times a long plan; beyond it a hostile file would take seconds to read. */
const LONGEST_FILE = 64 * 1024;
const REQUIRED_HINT = 'copy workshop.example.yaml and change it';
const SECRET_HINT =
  'take it out of the plan (and revoke it if others have seen the file): the worker reads credentials from its ' +
  'environment';

/**
 * Reads a plan's text as YAML.
 * @param known fields that are named like a credential and are none
 * @returns what is written there, unless it cannot be read, and every problem of its form: credentials too
 */
export function parsePlan(
  text: string,
  fileName: string,
  known: readonly string[],
): { readonly parsed?: ParsedPlan; readonly problems: readonly Problem[] } {
  if (text.length > LONGEST_FILE)
    return {
      problems: [whole(1, `is longer than ${LONGEST_FILE / 1024} KB: this is not a plan; ${REQUIRED_HINT}`)],
    };
  const lines = new LineCounter();
  let document: Document.Parsed;
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      uniqueKeys: true,
      merge: false,
      stringKeys: true,
    });
  } catch {
    return { problems: [whole(1, `is nested too deep to be a plan: ${REQUIRED_HINT}`)] };
  }
  const places = placesOf(document);
  const secrets = secretProblems(text, { places, lines }, known);
  const errors = [...document.errors, ...document.warnings];
  const unclosed = unclosedProblem(document, errors, places, lines);
  const syntax = unclosed ? [unclosed] : telling(errors).map((error) => syntaxProblem(error, text, places, lines));
  const shape = syntax.length > 0 ? syntax : shapeProblems(document, fileName, lines);
  if (shape.length > 0) return { problems: [...secrets, ...shape] };
  const raw = document.toJS({ maxAliasCount: 0 }) as ParsedPlan['raw'];
  return { parsed: { raw, places, lines }, problems: secrets };
}

function whole(line: number, message: string): Problem {
  return { field: '', line, message };
}

/** A key may be anything a person typed, a credential included. */
export function shownField(path: readonly PropertyKey[]): string {
  return excerpt(fieldName(path), 80);
}

/** How a field of one of several workspaces begins. */
const OF_ONE = /^workspaces\[\d+\]\./;

/** Looks through comments too: they travel with the file. Names the field, never the value. */
function secretProblems(
  text: string,
  { places, lines }: Pick<ParsedPlan, 'places' | 'lines'>,
  known: readonly string[],
): Problem[] {
  const found = new Map<number, Problem>();
  for (const { key, path, from } of places) {
    if (key === undefined || known.includes(fieldName(path).replace(OF_ONE, '')) || !isSecretName(key)) continue;
    const { line } = lines.linePos(from);
    found.set(line, { field: shownField(path), line, message: `is named like a credential: ${SECRET_HINT}` });
  }
  for (const offset of secretOffsets(text)) {
    const { line } = lines.linePos(offset);
    if (found.has(line)) continue;
    found.set(line, {
      field: shownField(placeAt(places, offset)?.path ?? []),
      line,
      message: `holds what looks like a credential: ${SECRET_HINT}`,
    });
  }
  return [...found.values()];
}

const TABS = 'begins with a tab: set lines in with spaces only';
const INDENT =
  'this line, or the one below it, is not written as a field is: put a space after every colon and quotes around ' +
  'text with ": " in it, and begin the fields of one section in the same column';
const NO_COLON =
  'has no colon: write a field and its value like "title: Databricks Apps workshop", with a space after the colon';
const REFERENCE =
  'uses a YAML tag, anchor or alias (!, & or *): write the value out, in quotes if it begins with such a sign';

/** For each kind of broken YAML that people make; the parser's own words do for the rare ones. */
const SYNTAX: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: TABS,
  MULTIPLE_DOCS: 'begins a second document (---): a file holds one plan',
  BAD_INDENT: INDENT,
  BLOCK_AS_IMPLICIT_KEY: INDENT,
  MULTILINE_IMPLICIT_KEY: INDENT,
  TAG_RESOLVE_FAILED: REFERENCE,
  BAD_ALIAS: REFERENCE,
  NON_STRING_KEY: 'has something other than plain text before the colon: the name of a field goes there',
  RESOURCE_EXHAUSTION: 'is nested too deep to be a plan',
};

/** These stand alone; of all others the first is the cause and the rest its consequences. */
const INDEPENDENT = new Set<string>(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED', 'BAD_ALIAS', 'NON_STRING_KEY']);

function telling(errors: readonly YAMLError[]): YAMLError[] {
  const cause = errors.find((error) => !INDEPENDENT.has(error.code));
  return errors.filter((error) => error === cause || (INDEPENDENT.has(error.code) && cause === undefined));
}

/**
 * What was opened and not closed is noticed far below, often at the end of the file; what helps is where it was opened.
 */
function unclosedProblem(
  document: Document<ParsedNode>,
  errors: readonly YAMLError[],
  places: readonly Place[],
  lines: LineCounter,
): Problem | undefined {
  const cause = errors.find((error) => !INDEPENDENT.has(error.code));
  const noticed = errors.flatMap((error) => {
    const signs = /^Missing closing ["']quote/.test(error.message)
      ? '"\''
      : /^Flow (map|sequence) .*end with a/.test(error.message)
        ? '{['
        : undefined;
    const opening = signs === undefined ? undefined : openedBefore(document, error.pos[0], signs);
    return opening ? [opening] : [];
  })[0];
  // What is wrong before that is the cause, and this its consequence.
  if (!cause || cause.code === 'RESOURCE_EXHAUSTION' || !noticed || noticed.from > cause.pos[0]) return undefined;
  const { from, sign } = noticed;
  const name = sign === '{' || sign === '[' ? `a bracket (${sign})` : `a quote (${sign})`;
  const closing = sign === '{' ? '}' : sign === '[' ? ']' : sign;
  return {
    field: shownField(placeAt(places, from)?.path ?? []),
    line: lines.linePos(from).line,
    message: `opens ${name} that is never closed: close it with ${closing}`,
  };
}

function syntaxProblem(error: YAMLError, text: string, places: readonly Place[], lines: LineCounter): Problem {
  const offset = error.pos[0];
  const { line, col } = lines.linePos(offset);
  if (error.code === 'DUPLICATE_KEY') {
    return {
      field: fieldName(places.findLast((place) => place.from === offset)?.path ?? []),
      line,
      message: 'is written twice: keep one of the two',
    };
  }
  const message = error.code !== 'RESOURCE_EXHAUSTION' && lineHasTab(text, line) ? TABS : SYNTAX[error.code];
  // The parser may notice it only after the last line, where nobody can look.
  const shown = Math.min(Math.max(1, line), text.trimEnd().split('\n').length);
  if (error.code === 'MISSING_CHAR' && error.message.startsWith('Implicit map keys')) return whole(shown, NO_COLON);
  return whole(
    shown,
    message ?? `is not valid YAML (${shown === line ? `column ${col}` : 'at the end'}): ${excerpt(error.message, 120)}`,
  );
}

function lineHasTab(text: string, line: number): boolean {
  return /^ *\t/.test(text.split('\n')[line - 1] ?? '');
}

/** What is YAML and cannot be a plan. */
function shapeProblems(document: Document<ParsedNode>, fileName: string, lines: LineCounter): Problem[] {
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null))
    return [whole(1, `${fileName} is empty: ${REQUIRED_HINT}`)];
  if (!isMap(contents))
    return [
      whole(
        lines.linePos(contents.range[0]).line,
        `must be fields like "title: …", not a list or a single text: ${REQUIRED_HINT}`,
      ),
    ];
  const problems: Problem[] = [];
  visit(document, {
    Node(_key, node) {
      if (!isAlias(node) && !node.tag && !node.anchor) return;
      problems.push(whole(lines.linePos(node.range?.[0] ?? 0).line, REFERENCE));
    },
  });
  return problems;
}
