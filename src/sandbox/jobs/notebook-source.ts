const HEADER = '# Databricks notebook source';
const CELL = /^# COMMAND -{10}\s*$/;
const MAGIC = /^# MAGIC ?(.*)$/;

/**
 * A notebook in source form as one Python program with the same line numbers, so that traces point at the right lines.
 * Cells of `%sh` and `%pip` run as shell commands, `%md` is left out, and any other language says that it cannot be run.
 */
export function pythonOfNotebook(source: string): string {
  const lines = source.split(/\r?\n/);
  if (lines[0]?.trim() !== HEADER) return source;
  const cells: string[][] = [[]];
  for (const line of lines) {
    if (CELL.test(line)) cells.push([]);
    cells.at(-1)?.push(line);
  }
  return cells.flatMap(pythonOfCell).join('\n');
}

function pythonOfCell(lines: readonly string[]): readonly string[] {
  const magic = lines.flatMap((line) => MAGIC.exec(line)?.[1] ?? []);
  const [first = ''] = magic;
  const [, language = '', rest = ''] = /^%(\w+)\s*(.*)$/.exec(first.trim()) ?? [];
  if (magic.length === 0 || language === 'python') return lines.map((line) => MAGIC.exec(line)?.[1]?.replace(/^%python\s?/, '') ?? line);
  const blank = lines.map((line) => (MAGIC.test(line) ? '' : line));
  const at = lines.findIndex((line) => MAGIC.test(line));
  const program = programOf(language, rest, magic.slice(1));
  return blank.map((line, index) => (index === at ? program : line));
}

function programOf(language: string, rest: string, more: readonly string[]): string {
  switch (language) {
    case 'md':
      return '';
    case 'sh':
      return shell([rest, ...more].join('\n'));
    case 'pip':
      return shell(`python3 -m pip ${rest}`);
    default:
      return `raise RuntimeError(${JSON.stringify(`The sandbox runs Python and %sh cells, not %${language}.`)})`;
  }
}

/** JSON's strings are Python's, and a program of one line keeps the numbering. */
const shell = (script: string): string => `__import__('subprocess').run(['bash', '-c', ${JSON.stringify(script)}], check=True)`;
