import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { WITH_SCHEMAS } from '../../../src/workflows/shared/schemas-shared.ts';

const SRC = fileURLToPath(new URL('../../../src', import.meta.url));
const FILES = ['workflows/**/*.ts', 'domain/replayed/**/*.ts'].flatMap((glob) => globSync(glob, { cwd: SRC }));

test('every schema that workflow code exports is among those that are frozen at their surface only', async () => {
  const known = new Set(WITH_SCHEMAS.flatMap((module) => Object.values(module as Record<string, unknown>)));
  for (const file of FILES.filter((each) => readFileSync(join(SRC, each), 'utf8').includes("from 'zod'"))) {
    const exported = Object.entries((await import(join(SRC, file))) as Record<string, unknown>);
    for (const [name, value] of exported)
      if (value instanceof z.ZodType) {
        expect(known, `${name} of ${file}`).toContain(value);
      }
  }
});

test('no workflow code asks a schema by a method of its own, or keeps something at the level of a module', () => {
  for (const file of FILES) {
    const text = readFileSync(join(SRC, file), 'utf8');
    expect(text, file).not.toMatch(/(?<!\bz|\bJSON|\bDate)\.(?:safeParse|parse)\(/);
    expect(text, file).not.toMatch(/^(?:export )?let /m);
    expect(text, file).not.toMatch(/^(?:export )?const \w+(?:: [^=]+)? = new (?:Map|Set|WeakMap|WeakSet)\b/m);
  }
});
