import { LineCounter, isMap, isNode, isPair, isScalar, parseDocument } from 'yaml';
import type { Document, ParsedNode, YAMLError } from 'yaml';
import { readFaults } from './fault.ts';
import type { Fault, FaultProblem } from './fault.ts';

/** Something wrong in a fault file. */
export interface FaultFileProblem {
  /** Counted from 1. */
  readonly line: number;
  /** A path like `faults[2].effect.status`, or '' for the file. */
  readonly field: string;
  readonly message: string;
}

export type FaultFileReading =
  | { readonly ok: true; readonly faults: readonly Fault[] }
  | { readonly ok: false; readonly problems: readonly FaultFileProblem[] };

const LONGEST = 1_000_000;
const SHAPE = 'must be a list of faults under "faults:"; scenarios/ has examples, sandbox/docs/faults.md every field';

/** Reads a YAML file of faults. Every problem is found in one go, with its line and field. Never throws. */
export function readFaultFile(text: string): FaultFileReading {
  if (text.length > LONGEST)
    return failed([{ line: 1, field: '', message: `is longer than a fault file may be (${LONGEST} characters)` }]);
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
    return failed([{ line: 1, field: '', message: `is nested too deep to be a fault file: it ${SHAPE}` }]);
  }
  const [broken] = [...document.errors, ...document.warnings];
  if (broken) return failed([syntaxProblem(broken, lines, text)]);
  let whole: unknown;
  try {
    whole = document.toJS({ maxAliasCount: 0 });
  } catch {
    return failed([
      { line: 1, field: '', message: 'uses a YAML alias (*): write the value out, in quotes if it begins with a star' },
    ]);
  }
  if (!isFaultFile(whole)) return failed([{ line: firstLine(document, lines), field: '', message: SHAPE }]);
  const other = Object.keys(whole).find((key) => key !== 'faults');
  if (other !== undefined)
    return failed([
      {
        line: lineOf(document, lines, [other]),
        field: other.slice(0, 80),
        message: 'is no field of a fault file: there is only faults',
      },
    ]);
  const read = readFaults(whole.faults);
  return read.ok ? read : failed(read.problems.map((problem) => placed(problem, document, lines)));
}

const isFaultFile = (whole: unknown): whole is { readonly faults: readonly unknown[] } =>
  typeof whole === 'object' && whole !== null && Array.isArray((whole as { faults?: unknown }).faults);

const failed = (problems: readonly FaultFileProblem[]): FaultFileReading => ({
  ok: false,
  problems: [...problems].sort((a, b) => a.line - b.line),
});

function placed({ path, message }: FaultProblem, document: Document<ParsedNode>, lines: LineCounter): FaultFileProblem {
  const whole = ['faults', ...path];
  return { line: lineOf(document, lines, whole), field: fieldName(whole).slice(0, 120), message };
}

/** Of the value at a path, or of the nearest around it that the file has. */
function lineOf(document: Document<ParsedNode>, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    const pair = isMap(parent)
      ? parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
      : undefined;
    const found = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(found) && found.range) return lines.linePos(found.range[0]).line;
  }
  return 1;
}

const firstLine = ({ contents }: Document<ParsedNode>, lines: LineCounter): number =>
  contents?.range ? lines.linePos(contents.range[0]).line : 1;

const fieldName = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (name, part) =>
      typeof part === 'number' ? `${name}[${part}]` : name === '' ? String(part) : `${name}.${String(part)}`,
    '',
  );

function syntaxProblem({ code, message, pos }: YAMLError, lines: LineCounter, text: string): FaultFileProblem {
  // The parser may notice it only after the last line, where nobody can look.
  const line = Math.min(Math.max(1, lines.linePos(pos[0]).line), text.trimEnd().split('\n').length);
  if (code === 'DUPLICATE_KEY')
    return { line, field: '', message: 'has a field that is written twice: keep one of the two' };
  if (code === 'TAB_AS_INDENT') return { line, field: '', message: 'begins with a tab: set lines in with spaces only' };
  return { line, field: '', message: `is not valid YAML: ${message.replaceAll(/\s+/g, ' ').slice(0, 160)}` };
}
