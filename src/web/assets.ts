import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Hono } from 'hono';

const FILES = {
  'style.css': 'text/css; charset=utf-8',
  'live.js': 'text/javascript; charset=utf-8',
  'morph.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

/** A library of ours and of browsers: it comes as it was published. */
const IDIOMORPH = fileURLToPath(import.meta.resolve('idiomorph/dist/idiomorph.esm.js'));

/** What pages load beside themselves: the same for everybody, and nothing from elsewhere. */
export function assets(app: Hono): void {
  const paths = Object.entries(FILES).map(
    ([name, type]) => [name, type, join(import.meta.dirname, 'assets', name)] as const,
  );
  for (const [name, type, path] of [...paths, ['idiomorph.js', FILES['live.js'], IDIOMORPH] as const]) {
    const bytes = readFileSync(path);
    app.get(`/assets/${name}`, (c) =>
      c.body(bytes, 200, { 'content-type': type, 'cache-control': 'public, max-age=300' }),
    );
  }
}
