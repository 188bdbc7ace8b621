import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { TreePath } from '../disk/tree-path.ts';

export type NotebookLanguage = 'PYTHON' | 'SQL' | 'SCALA' | 'R';

const record = z.object({
  path: z.string(),
  id: z.number().int(),
  kind: z.enum(['directory', 'file', 'notebook']),
  /** Epoch milliseconds. */
  createdAt: z.number(),
  language: z.enum(['PYTHON', 'SQL', 'SCALA', 'R']).optional(),
  /** How a notebook lies on disk. */
  format: z.enum(['SOURCE', 'JUPYTER']).optional(),
});
const line = z.union([record, z.object({ gone: z.string() }), z.object({ nextId: z.number().int() })]);

/** What the workspace knows about an object beyond what lies on disk. */
export type ObjectRecord = z.output<typeof record>;

const FIRST_ID = 1_400_000_000_000_001;

/**
 * The ids of workspace objects, and which files are notebooks. Kept beside the files, in a file of its own to which
 * every change is added as a line: it has to outlive the sandbox together with them, and nodes must not see it.
 */
export class ObjectRegister {
  readonly #file: string;
  readonly #byPath = new Map<string, ObjectRecord>();
  readonly #byId = new Map<number, ObjectRecord>();
  #nextId = FIRST_ID;

  /** @param file need not exist yet. */
  constructor(file: string) {
    this.#file = file;
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    for (const text of lines) this.#apply(text);
    if (lines.length > 2 * this.#byPath.size + 100) this.#rewrite();
  }

  at(path: TreePath): ObjectRecord | undefined {
    return this.#byPath.get(path.join('/'));
  }

  byId(id: number): ObjectRecord | undefined {
    return this.#byId.get(id);
  }

  /** A new object at a path. One of the same kind that was there before keeps its id and its time. */
  put(path: TreePath, about: Pick<ObjectRecord, 'kind' | 'createdAt' | 'language' | 'format'>): ObjectRecord {
    const before = this.at(path);
    const isSame = before?.kind === about.kind;
    const now: ObjectRecord = {
      path: path.join('/'),
      ...about,
      id: isSame ? before.id : this.#nextId,
      createdAt: isSame ? before.createdAt : about.createdAt,
    };
    if (isSame && before.language === now.language && before.format === now.format) return before;
    this.#remember(now);
    this.#append(now);
    return now;
  }

  /** Whatever is at the path or below it is no more. Answers the records. */
  forget(path: TreePath): ObjectRecord[] {
    const gone = this.#drop(path.join('/'));
    if (gone.length > 0) this.#append({ gone: path.join('/') });
    return gone;
  }

  #remember(one: ObjectRecord): void {
    const before = this.#byPath.get(one.path);
    if (before) this.#byId.delete(before.id);
    this.#byPath.set(one.path, one);
    this.#byId.set(one.id, one);
    this.#nextId = Math.max(this.#nextId, one.id + 1);
  }

  #drop(path: string): ObjectRecord[] {
    const gone = [...this.#byPath.values()].filter((one) => one.path === path || one.path.startsWith(`${path}/`));
    for (const one of gone) {
      this.#byPath.delete(one.path);
      this.#byId.delete(one.id);
    }
    return gone;
  }

  /** The last line may have been cut short when the machine stopped; whatever it was about gets a new id. */
  #apply(text: string): void {
    const read = line.safeParse(jsonOf(text));
    if (!read.success) return;
    if ('gone' in read.data) this.#drop(read.data.gone);
    else if ('nextId' in read.data) this.#nextId = read.data.nextId;
    else this.#remember(read.data);
  }

  #append(entry: z.output<typeof line>): void {
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  }

  #rewrite(): void {
    const fresh = `${this.#file}.new`;
    // Without the next id, an object could come to have one that was granted things on before.
    writeFileSync(
      fresh,
      [{ nextId: this.#nextId }, ...this.#byPath.values()].map((one) => `${JSON.stringify(one)}\n`).join(''),
      { mode: 0o600 },
    );
    renameSync(fresh, this.#file);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
