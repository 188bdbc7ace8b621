import { join } from 'node:path';
import { ANN, openSandbox, scratchFolder } from '../harness.ts';
import type { Answer, Client } from '../harness.ts';

export const HOME = `/Users/${ANN}`;
export const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const status = (client: Client, path: string) =>
  client('GET', `/api/2.0/workspace/get-status?path=${encodeURIComponent(path)}&return_export_info=true`);
export const list = (client: Client, path: string) =>
  client('GET', `/api/2.0/workspace/list?path=${encodeURIComponent(path)}`);
export const mkdirs = (client: Client, path: string) => client('POST', '/api/2.0/workspace/mkdirs', { path });
export const remove = (client: Client, path: string, recursive = false) =>
  client('POST', '/api/2.0/workspace/delete', { path, recursive });
export const download = (client: Client, path: string, format = 'SOURCE') =>
  client('GET', `/api/2.0/workspace/export?direct_download=true&format=${format}&path=${encodeURIComponent(path)}`);
export const importFile = (client: Client, path: string, body: string | Buffer, overwrite = false) =>
  client(
    'POST',
    `/api/2.0/workspace-files/import-file/${encodeURIComponent(path.slice(1))}?overwrite=${overwrite}`,
    body,
  );
export const importNotebook = (client: Client, path: string, source: string, more: Record<string, unknown> = {}) =>
  client('POST', '/api/2.0/workspace/import', {
    path,
    format: 'SOURCE',
    language: 'PYTHON',
    content: base64(source),
    ...more,
  });

export const refusal = ({ status: code, json }: Answer): unknown => [code, json.error_code, json.message];
export const pathsOf = (answer: Answer): string[] =>
  (answer.json.objects ?? []).map((object: { path: string }) => object.path);

/** A sandbox whose folder the test can look into. */
export async function openWithHome() {
  const state = scratchFolder();
  const opened = await openSandbox({ state });
  return { ...opened, state, folder: join(state, 'files/Workspace') };
}
