import { ApiError, invalidParameter } from '../http/errors.ts';
import { ok } from '../http/router.ts';
import type { Reply } from '../http/router.ts';
import { jupyterOfSource, withHeader } from './notebook-source.ts';
import type { NotebookLanguage } from './object-register.ts';
import type { WorkspaceFiles, WorkspaceObject } from './workspace-files.ts';
import type { WorkspacePath } from './workspace-path.ts';
import { noSuchPath } from './workspace-words.ts';

const FILE_TYPES: Readonly<Record<NotebookLanguage, string>> = { PYTHON: 'py', SQL: 'sql', SCALA: 'scala', R: 'r' };
const FORMATS = ['SOURCE', 'AUTO', 'RAW', 'JUPYTER'];
const ELSEWHERE = ['HTML', 'DBC', 'R_MARKDOWN'];
/** Beyond it, a real workspace answers only downloads. */
const LARGEST_IN_JSON = 10 * 1_048_576;

/** The answer to an export: base64 within JSON, or with `direct_download=true` the bytes. */
export function exported(
  workspaceFiles: WorkspaceFiles,
  object: WorkspaceObject,
  at: WorkspacePath,
  query: URLSearchParams,
): Reply {
  const format = (query.get('format') || 'SOURCE').toUpperCase();
  if (ELSEWHERE.includes(format))
    throw invalidParameter(`The sandbox does not export as ${format}: ask for SOURCE, AUTO, RAW or JUPYTER.`);
  if (!FORMATS.includes(format))
    throw invalidParameter(`Invalid value for parameter 'format': '${format.slice(0, 40)}'`);
  if (object.kind === 'directory')
    throw invalidParameter(`Path (${at.given}) is a folder: the sandbox exports files and notebooks only.`);
  const { bytes, fileType } = contentOf(workspaceFiles, object, at, format);
  if (query.get('direct_download') === 'true')
    return {
      bytes,
      headers: {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(downloadName(object, fileType))}`,
      },
    };
  if (bytes.length > LARGEST_IN_JSON)
    throw new ApiError({
      status: 400,
      errorCode: 'MAX_NOTEBOOK_SIZE_EXCEEDED',
      message: `The size of (${at.given}) exceeds the limit of 10485760 bytes: use direct_download.`,
    });
  return ok({ content: bytes.toString('base64'), file_type: fileType });
}

function contentOf(
  workspaceFiles: WorkspaceFiles,
  object: WorkspaceObject,
  at: WorkspacePath,
  format: string,
): { bytes: Buffer; fileType: string } {
  const bytes = workspaceFiles.read(object);
  if (!bytes) throw noSuchPath(at.given);
  const name = object.names.at(-1) ?? '';
  if (object.kind === 'file' || object.language === undefined)
    return { bytes, fileType: /\.([^.]+)$/.exec(name)?.[1] ?? 'file' };
  const wanted = format === 'AUTO' || format === 'RAW' ? object.format : format;
  if (wanted === 'JUPYTER' && object.format === 'JUPYTER') return { bytes, fileType: 'ipynb' };
  const source = workspaceFiles.sourceOf(object) ?? '';
  return wanted === 'JUPYTER'
    ? { bytes: Buffer.from(jupyterOfSource(source, object.language, name)), fileType: 'ipynb' }
    : { bytes: Buffer.from(withHeader(source, object.language)), fileType: FILE_TYPES[object.language] };
}

const downloadName = (object: WorkspaceObject, fileType: string): string =>
  `${object.names.at(-1) ?? ''}${object.kind === 'notebook' ? `.${fileType}` : ''}`;
