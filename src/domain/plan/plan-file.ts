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
import type { z } from 'zod';
import { signOffIds } from '../replayed/checklist/lines.ts';
import { knownFields, nearestField } from './known-fields.ts';
import { planMessage } from './plan-messages.ts';
import { planSchema, type Plan, type Remark } from './plan.ts';
import { excerpt, type Problem } from './problem.ts';
import { isSecretName, secretOffsets } from './secrets.ts';
import { fieldName, lineOf, openedBefore, placeAt, placeOf, placesOf, type Place } from './yaml-places.ts';

export { formatProblem, type Problem } from './problem.ts';

export type PlanReading =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Twenty times a long plan; beyond it a hostile file would take seconds to read. */
const LONGEST_FILE = 64 * 1024;
const KNOWN = knownFields(planSchema);
const REQUIRED_HINT = 'copy workshop.example.yaml and change it';
const SECRET_HINT =
  'take it out of the plan (and revoke it if others have seen the file): the worker reads credentials from its ' +
  'environment';

/** Keys people write who think of another way to say it. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  end: 'the end follows from start and length, like length: 4h',
  duration: 'it is called length here, like length: 4h',
  host: 'it is called workspace here',
  attendees: 'people are in a file of their own, named by roster',
};

/**
 * Reads a plan. Every problem is found in one go, with its field and line; nothing that looks like a credential is
 * accepted or repeated. Never throws. The plan has its defaults filled in and its durations in milliseconds.
 */
export function readPlan(text: string, fileName: string): PlanReading {
  if (text.length > LONGEST_FILE)
    return failed([whole(1, `is longer than ${LONGEST_FILE / 1024} KB: this is not a plan; ${REQUIRED_HINT}`)]);
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
    return failed([whole(1, `is nested too deep to be a plan: ${REQUIRED_HINT}`)]);
  }
  const places = placesOf(document);
  const secrets = secretProblems(text, places, lines);
  const errors = [...document.errors, ...document.warnings];
  const unclosed = unclosedProblem(document, errors, places, lines);
  const syntax = unclosed ? [unclosed] : telling(errors).map((error) => syntaxProblem(error, text, places, lines));
  const shape = syntax.length > 0 ? syntax : shapeProblems(document, fileName, lines);
  if (shape.length > 0) return failed([...secrets, ...shape]);

  const result = planSchema.safeParse(document.toJS({ maxAliasCount: 0 }), { error: planMessage });
  const unknown = result.success ? blockingProblems(result.data, places, lines) : [];
  if (result.success && secrets.length + unknown.length === 0) return { ok: true, plan: result.data };
  const fields = telltale(result.error?.issues ?? []).flatMap((issue) => fieldProblems(issue, places, lines));
  const hidden = new Set(secrets.map((problem) => problem.field));
  return failed([...secrets, ...unknown, ...fields.filter((problem) => !hidden.has(problem.field))]);
}

function failed(problems: readonly Problem[]): PlanReading {
  return { ok: false, problems: [...problems].sort((a, b) => a.line - b.line) };
}

function whole(line: number, message: string): Problem {
  return { field: '', line, message };
}

/** A key may be anything a person typed, a credential included. */
function shownField(path: readonly PropertyKey[]): string {
  return excerpt(fieldName(path), 80);
}

/** Looks through comments too: they travel with the file. Names the field, never the value. */
function secretProblems(text: string, places: readonly Place[], lines: LineCounter): Problem[] {
  const found = new Map<number, Problem>();
  for (const { key, path, from } of places) {
    const known = KNOWN.includes(fieldName(path));
    if (key === undefined || known || !isSecretName(key)) continue;
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

/** Which sign-offs there are depends on the whole plan, so this is known only once everything else is right. */
function blockingProblems(plan: Plan, places: readonly Place[], lines: LineCounter): Problem[] {
  const known: readonly string[] = signOffIds(plan);
  return plan.blocking.flatMap((id, index) => {
    const path = ['blocking', index];
    return known.includes(id)
      ? []
      : [
          {
            field: fieldName(path),
            line: lineOf(places, lines, path),
            message: `there is no sign-off called ${id}; this plan has ${known.join(', ')}`,
          },
        ];
  });
}

/** Of a value of the wrong kind, that; its length, which zod measures all the same, says nothing. */
function telltale(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const wrongKind = new Set(issues.filter(({ code }) => code === 'invalid_type').map(({ path }) => fieldName(path)));
  return issues.filter(
    ({ code, path }) => code === 'invalid_type' || code === 'unrecognized_keys' || !wrongKind.has(fieldName(path)),
  );
}

function fieldProblems(issue: z.core.$ZodIssue, places: readonly Place[], lines: LineCounter): Problem[] {
  if (issue.code !== 'unrecognized_keys') {
    const { path, message } = remarkOn(issue, places);
    return [{ field: fieldName(path), line: lineOf(places, lines, path), message }];
  }
  const parent = fieldName(issue.path);
  return issue.keys.map((key) => {
    const path = [...issue.path, key];
    const nearest = nearestField(KNOWN, parent, key);
    const advice =
      (parent === '' && Object.hasOwn(OTHER_WORDS, key) ? OTHER_WORDS[key] : undefined) ??
      (nearest ? `did you mean ${nearest}?` : 'take it away, or see workshop.example.yaml');
    return {
      field: shownField(path),
      line: lineOf(places, lines, path),
      message: `is not a field of a plan: ${advice}`,
    };
  });
}

/** Of two fields that clash, one a person wrote: the other may only have its default. */
function remarkOn(
  issue: z.core.$ZodIssue,
  places: readonly Place[],
): { readonly path: readonly PropertyKey[]; readonly message: string } {
  const other = issue.code === 'custom' ? (issue.params?.['unwritten'] as Remark | undefined) : undefined;
  return other && !placeOf(places, issue.path) && placeOf(places, other.path) ? other : issue;
}
