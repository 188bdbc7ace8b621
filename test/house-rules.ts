import { dirname, posix } from 'node:path';
import { importsOf, type Sources } from './import-rules.ts';

const MOST_LINES = 300;
const MOST_COLUMNS = 120;
const MOST_FILES = 15;

const CODE = /\.(ts|mjs|py|sh|ps1)$/;
/** Programs and scripts without an ending that says so. */
const ALSO_CODE = /^(bin|set-up|init-scripts\/(bin|lib))\/|^\.ci\/run$/;

/** Whether somebody reads the file as code. */
export function isCode(path: string): boolean {
  return CODE.test(path) || (ALSO_CODE.test(path) && !path.endsWith('.md'));
}

/** What of a file is longer than one screen, or one look, can hold: a sentence each. */
export function tooLong(path: string, text: string): string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  return [
    ...(lines.length > MOST_LINES ? [`${path} has ${lines.length} lines: at most ${MOST_LINES}`] : []),
    ...lines.flatMap((line, index) => {
      const columns = line.length;
      return columns > MOST_COLUMNS ? [`${path}:${index + 1} has ${columns} columns: at most ${MOST_COLUMNS}`] : [];
    }),
  ];
}

/** Folders that hold more files, not counting those of their own folders, than anybody looks through. */
export function tooFull(paths: readonly string[]): string[] {
  const files = new Map<string, number>();
  for (const path of paths) files.set(dirname(path), (files.get(dirname(path)) ?? 0) + 1);
  return [...files]
    .filter(([, count]) => count > MOST_FILES)
    .map(([folder, count]) => `${folder} holds ${count} files: at most ${MOST_FILES}`);
}

/**
 * Files that import each other, directly or through others, each group sorted. Types count: what can only be understood
 * together is one thing. The groups are the strongly connected components with more than one file, after Tarjan.
 */
export function importCircles(sources: Sources): string[][] {
  const circles: string[][] = [];
  const met = new Map<string, number>();
  const open: string[] = [];

  /** The earliest file on the way here that this one leads back to, by the number it was met as. */
  function visit(file: string): number {
    const number = met.size;
    met.set(file, number);
    open.push(file);
    let earliest = number;
    for (const imported of importedBy(file, sources)) {
      if (!met.has(imported)) earliest = Math.min(earliest, visit(imported));
      else if (open.includes(imported)) earliest = Math.min(earliest, met.get(imported) ?? number);
    }
    if (earliest === number) {
      const group = open.splice(open.indexOf(file));
      if (group.length > 1) circles.push(group.toSorted());
    }
    return earliest;
  }

  for (const file of sources.keys()) if (!met.has(file)) visit(file);
  return circles;
}

function importedBy(file: string, sources: Sources): string[] {
  return importsOf(sources.get(file) ?? '')
    .filter(({ target }) => target.startsWith('.'))
    .map(({ target }) => posix.join(posix.dirname(file), target))
    .filter((imported) => sources.has(imported));
}
