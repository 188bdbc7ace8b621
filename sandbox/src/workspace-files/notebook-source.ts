import { z } from 'zod';
import { invalidParameter } from '../http/errors.ts';
import type { NotebookLanguage } from './object-register.ts';

/** What a notebook's source begins with, and what stands between two cells, is a comment of its language. */
const COMMENT: Readonly<Record<NotebookLanguage, string>> = { PYTHON: '#', R: '#', SCALA: '//', SQL: '--' };
const BY_EXTENSION: Readonly<Record<string, NotebookLanguage>> = {
  '.py': 'PYTHON',
  '.r': 'R',
  '.scala': 'SCALA',
  '.sql': 'SQL',
};
/** A cell in another language than the notebook's is written as comments that begin with a magic. */
const MAGIC = 'MAGIC ';

const text = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(''))]);
const jupyter = z.object({
  cells: z.array(z.object({ cell_type: z.string(), source: text.default('') })),
  metadata: z
    .object({
      language_info: z.object({ name: z.string().optional() }).optional(),
      kernelspec: z.object({ language: z.string().optional() }).optional(),
    })
    .default({}),
});

/** The end of a name that tells a language, as `.py`; empty for any other. */
export function extensionOf(name: string): string {
  const extension = /\.[A-Za-z]+$/.exec(name)?.[0] ?? '';
  return extension.toLowerCase() in BY_EXTENSION || extension.toLowerCase() === '.ipynb' ? extension : '';
}

const headerOf = (language: NotebookLanguage): string => `${COMMENT[language]} Databricks notebook source`;

/** The source of a notebook as it is exported: its first line says what it is, whatever was imported. */
export const withHeader = (source: string, language: NotebookLanguage): string =>
  source.startsWith(headerOf(language)) ? source : `${headerOf(language)}\n${source}`;

/** The language of a file that says of itself, by name and first line, that it is the source of a notebook. */
export function sourceLanguage(name: string, content: Buffer): NotebookLanguage | undefined {
  const language = BY_EXTENSION[extensionOf(name).toLowerCase()];
  const begin = language && headerOf(language);
  return begin !== undefined && content.subarray(0, begin.length).toString() === begin ? language : undefined;
}

/** The language of a Jupyter notebook. @throws 400 when it is none. */
export function jupyterLanguage(content: Buffer): NotebookLanguage {
  const { metadata } = parsed(content);
  const name = (metadata.language_info?.name ?? metadata.kernelspec?.language ?? 'python').toUpperCase();
  return name === 'SQL' || name === 'SCALA' || name === 'R' ? name : 'PYTHON';
}

/** A Jupyter notebook as source. @throws 400 when it is none. */
export function sourceOfJupyter(content: Buffer, language: NotebookLanguage): string {
  const comment = COMMENT[language];
  const cells = parsed(content).cells.map(({ cell_type, source }) =>
    cell_type === 'code'
      ? source
      : [`${comment} ${MAGIC}%md`, ...source.split('\n').map((row) => `${comment} ${MAGIC}${row}`)].join('\n'),
  );
  return `${headerOf(language)}\n${cells.join(`\n\n${comment} COMMAND ----------\n\n`)}\n`;
}

/** Source as a Jupyter notebook. */
export function jupyterOfSource(source: string, language: NotebookLanguage, name: string): string {
  const comment = COMMENT[language];
  const body = source.startsWith(headerOf(language)) ? source.slice(source.indexOf('\n') + 1) : source;
  const cells = body.split(`${comment} COMMAND ----------`).map((cell) => cellOf(cell.trim(), `${comment} ${MAGIC}`));
  return JSON.stringify({
    cells,
    metadata: {
      'application/vnd.databricks.v1+notebook': { language: language.toLowerCase(), notebookName: name },
      language_info: { name: language.toLowerCase() },
    },
    nbformat: 4,
    nbformat_minor: 0,
  });
}

function cellOf(cell: string, magic: string): unknown {
  const lines = cell.split('\n');
  const isMarkdown = lines[0]?.trimEnd() === `${magic}%md` && lines.every((row) => row.startsWith(magic.trimEnd()));
  const source = isMarkdown ? lines.slice(1).map((row) => row.slice(magic.length)) : lines;
  const rows = source.map((row, index) => (index < source.length - 1 ? `${row}\n` : row));
  return isMarkdown
    ? { cell_type: 'markdown', metadata: {}, source: rows }
    : { cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: rows };
}

function parsed(content: Buffer): z.output<typeof jupyter> {
  let json: unknown;
  try {
    json = JSON.parse(content.toString());
  } catch {
    throw notJupyter();
  }
  const read = jupyter.safeParse(json);
  if (!read.success) throw notJupyter();
  return read.data;
}

const notJupyter = (): Error => invalidParameter('The content is not a Jupyter notebook: expected JSON with cells.');
