import { invalidParameter } from '../http/errors.ts';
import { ok } from '../http/router.ts';
import type { Call, Reply, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';
import { mustBeSmall, readImport } from './import-request.ts';
import type { ImportRequest } from './import-request.ts';
import { extensionOf, jupyterLanguage, sourceLanguage } from './notebook-source.ts';
import type { NotebookLanguage } from './object-register.ts';
import { isZip, unzipped } from './unzip.ts';
import type { ZipEntry } from './unzip.ts';
import { parentOf, parseWorkspacePath, writtenPath } from './workspace-path.ts';
import type { WorkspacePath } from './workspace-path.ts';
import type { WorkspaceObject } from './workspace-files.ts';
import { mustAllow } from './workspace-routes.ts';
import { inWorkspaceWords, noParentFolder, pathExists } from './workspace-words.ts';

/** A notebook, or without a language a file. */
interface Incoming {
  readonly at: WorkspacePath;
  readonly content: Buffer;
  readonly notebook: { readonly language: NotebookLanguage; readonly format: 'SOURCE' | 'JUPYTER' } | undefined;
}

/** How files and notebooks come into the workspace. */
export function importRoutes(workspace: Workspace): Route[] {
  const { workspaceFiles } = workspace;

  /** What is overwritten, if anything. @throws 400, 403, 404 or 409 when nothing may be written there. */
  const cleared = (
    call: Call,
    { at, notebook }: Incoming,
    overwrite: boolean,
    conflict: 400 | 409,
  ): WorkspaceObject | undefined => {
    const parentNames = parentOf(at.names);
    if (!parentNames) throw pathExists(at.given);
    const parent = workspaceFiles.find(parentNames);
    if (parent?.kind !== 'directory') throw noParentFolder(writtenPath(at.prefix, parentNames));
    const found = workspaceFiles.find(at.names);
    mustAllow(call, workspaceFiles, found ?? parent, found ? 'CAN_EDIT' : 'CAN_MANAGE', at);
    if (!found) return undefined;
    if (!overwrite) throw pathExists(at.given, found.kind === 'file' ? conflict : 400);
    const wanted = notebook ? 'notebook' : 'file';
    if (found.kind !== wanted) {
      throw invalidParameter(
        `Cannot overwrite the asset at ${at.given} due to type mismatch (asked: ` +
          `${wanted.toUpperCase()}, actual: ${found.kind.toUpperCase()})`,
      );
    }
    return found;
  };

  const store = ({ at, content, notebook }: Incoming, now: number): void => {
    if (notebook) mustBeSmall(content);
    if (notebook) workspaceFiles.writeNotebook(at.names, content, notebook, now);
    else workspaceFiles.writeFile(at.names, content, now);
  };

  /** Puts what a zip holds beside the zip. */
  const spread = (entries: readonly ZipEntry[], at: WorkspacePath, now: number): void => {
    const folder = at.names.slice(0, -1);
    for (const { names, content, isExecutable } of entries) {
      const place = [...folder, ...names];
      if (!content) {
        workspaceFiles.makeDirectory(place, now);
        continue;
      }
      workspaceFiles.makeDirectory(place.slice(0, -1), now);
      workspaceFiles.writeFile(place, content, now, { isExecutable });
    }
  };

  return [
    {
      does: 'Writes a file or notebook into the workspace, from base64 in JSON or from a form',
      source: 'docs/facts/ssh-and-claude.md section 2',
      method: 'POST',
      path: '/api/2.0/workspace/import',
      body: 'bytes',
      handle(call) {
        const request = readImport(call);
        const incoming = asked(request);
        return inWorkspaceWords(incoming.at.given, () => {
          cleared(call, incoming, request.overwrite, 400);
          store(incoming, call.at);
          return ok({});
        });
      },
    },
    {
      does:
        'Writes a file into the workspace from the body as it is; source of a notebook becomes one, ' +
        'and what a zip holds is put beside it',
      source: 'docs/facts/ssh-and-claude.md section 2',
      method: 'POST',
      path: '/api/2.0/workspace-files/import-file/*path',
      body: 'bytes',
      handle(call): Reply | Promise<Reply> {
        const incoming = recognised(
          parseWorkspacePath(`/${(call.params['path'] ?? '').replace(/^\//, '')}`),
          call.bytes,
        );
        const { given } = incoming.at;
        inWorkspaceWords(given, () => cleared(call, incoming, call.query.get('overwrite') === 'true', 409));
        const accept = (entries: readonly ZipEntry[]): Reply =>
          inWorkspaceWords(given, () => {
            store(incoming, call.at);
            spread(entries, incoming.at, call.at);
            return ok({});
          });
        return given.endsWith('.zip') && isZip(call.bytes) ? unzipped(call.bytes).then(accept) : accept([]);
      },
    },
  ];
}

/** What an import asks for. @throws 400 for what is refused, or is not what it says. */
function asked({ path, format, language, content }: ImportRequest): Incoming {
  const at = parseWorkspacePath(path);
  switch (format) {
    case 'AUTO':
      return recognised(at, content);
    case 'RAW':
      return { at, content, notebook: undefined };
    case 'JUPYTER':
      return { at, content, notebook: { language: jupyterLanguage(content), format: 'JUPYTER' } };
    case 'SOURCE':
      // Without a language a real workspace expects an archive of many notebooks.
      if (language === undefined)
        throw invalidParameter(
          'The zip file may not be valid or may be an unsupported version. The sandbox imports no ' +
            'archives: a single notebook needs its language.',
        );
      return { at, content, notebook: { language, format: 'SOURCE' } };
    case 'HTML':
    case 'DBC':
    case 'R_MARKDOWN':
      throw invalidParameter(`The sandbox does not import the format ${format}: use SOURCE, AUTO, RAW or JUPYTER.`);
    default:
      return format satisfies never;
  }
}

/** A file that says it is a notebook becomes one, without the ending of its name. */
function recognised(at: WorkspacePath, content: Buffer): Incoming {
  const name = at.names.at(-1) ?? '';
  const extension = extensionOf(name);
  const isJupyter = extension.toLowerCase() === '.ipynb';
  const language = isJupyter ? jupyterLanguage(content) : sourceLanguage(name, content);
  if (language === undefined || name === extension) return { at, content, notebook: undefined };
  const cut = (path: string): string => path.slice(0, path.length - extension.length);
  return {
    at: { ...at, names: [...at.names.slice(0, -1), cut(name)], given: cut(at.given) },
    content,
    notebook: { language, format: isJupyter ? 'JUPYTER' : 'SOURCE' },
  };
}
