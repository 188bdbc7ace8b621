import { request } from 'node:http';
import type { Sandbox } from '../src/sandbox.ts';

/** Sends a path exactly as it is written; fetch would resolve `..` first. */
export async function rawRequest(
  sandbox: Sandbox,
  method: string,
  path: string,
  body = 'x',
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(sandbox.url);
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, path, method, headers: { authorization: `Bearer ${sandbox.adminToken}` } },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.on('error', reject);
    sent.end(method === 'POST' || method === 'PUT' ? body : undefined);
  });
}
