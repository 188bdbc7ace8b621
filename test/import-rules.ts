import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** One import or re-export; `typeOnly` when nothing of it is left at run time. */
export interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
}

/** Path from the repository's root (`src/domain/plan/plan.ts`) → source text. */
export type Sources = ReadonlyMap<string, string>;

interface Room {
  /** Other rooms (folders or files under src, or the sandbox) it may import. */
  readonly from: readonly string[];
  /** Rooms of which it may use types only. */
  readonly types?: readonly string[];
}

/**
 * docs/design.md section "Who may import whom". A room that is not listed here may import whatever is not forbidden
 * below.
 */
const ROOMS: Readonly<Record<string, Room>> = {
  domain: { from: [] },
  workflows: { from: ['domain'], types: ['activities'] },
  activities: { from: ['domain', 'databricks', 'messages', 'bundle', 'executable.ts', 'private-file.ts'] },
  bundle: { from: ['domain'] },
  databricks: { from: [] },
  messages: { from: ['domain', 'private-file.ts'] },
  'private-file.ts': { from: [] },
  sandbox: { from: [] },
  // Whether a program is there, for whoever starts one.
  'executable.ts': { from: [] },
  // Where what was downloaded, built or bundled once stays.
  'cache-folder.ts': { from: [] },
  'workflow-bundle.ts': { from: ['cache-folder.ts', 'workflow-code.ts'] },
  // How this program reaches Temporal, for client, worker and command line alike.
  temporal: { from: ['domain', 'workflows'] },
  'workspace-from-environment.ts': { from: ['databricks'] },
  'client.ts': { from: ['domain', 'workflows', 'temporal', 'reader.ts'], types: ['activities'] },
  'reader.ts': { from: ['domain', 'temporal'] },
  // The parts of an event as one workshop, over reader and client.
  event: { from: ['domain', 'client.ts', 'reader.ts', 'temporal'] },
  'preview.ts': { from: ['domain', 'databricks', 'activities'] },
  // What a monitoring asks the worker for: over the reader alone.
  metrics: { from: ['domain', 'reader.ts', 'temporal'] },
  'worker-log.ts': { from: ['temporal'] },
  // Spans for a collector: loaded where somebody wants them.
  traces: { from: [], types: ['workflows'] },
  // The room's pages: over the client alone.
  web: { from: ['domain', 'client.ts', 'reader.ts', 'event', 'temporal'] },
  cli: {
    from: [
      'domain',
      'web',
      'databricks',
      'bundle',
      'client.ts',
      'reader.ts',
      'event',
      'preview.ts',
      'messages',
      'worker.ts',
      'worker-log.ts',
      'traces',
      'workspace-from-environment.ts',
      'temporal',
      'sandbox',
      'executable.ts',
      'cache-folder.ts',
      'private-file.ts',
    ],
  },
};

/** Only these know the room on the left. */
const ONLY_KNOWN_TO: Readonly<Record<string, readonly string[]>> = {
  sandbox: ['cli'],
  cli: [],
  web: ['cli'],
  'worker.ts': ['cli'],
  'workspace-worker.ts': ['worker.ts'],
  metrics: ['worker.ts'],
  traces: ['cli', 'worker.ts', 'workspace-worker.ts'],
};

/** What the rest of the project may use of the sandbox. */
const SANDBOX_ENTRY = 'sandbox/index.ts';

/** Code that workflows run and replay: it may only change as docs/changing-a-running-workshop.md says. */
const REPLAYED = ['src/workflows/', 'src/domain/replayed/'];

/**
 * Needs the time-zone database of the machine, which may change while a workshop runs (docs/design.md section "Time").
 */
const OUTSIDE_WORKFLOWS = ['temporal-polyfill'];

/** Reads every TypeScript file of the product: src and the sandbox, without their tests. */
export function readSources(root: string): Sources {
  return new Map(
    ['src', 'sandbox/src']
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
          posix.join(folder, path.split('\\').join('/')),
        ),
      )
      .concat([SANDBOX_ENTRY])
      .filter((name) => name.endsWith('.ts'))
      .map((name) => [name, readFileSync(join(root, name), 'utf8')]),
  );
}

const NAMES = String.raw`(\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})`;
const AT_START = String.raw`(?:^|;)[ \t]*`;
const IMPORT = String.raw`import\s+(type\s+)?(?:[\w$]+\s*,?\s*)?${NAMES}?`;
const EXPORT = String.raw`export\s+(type\s+)?${NAMES}`;
const STATIC = new RegExp(String.raw`${AT_START}(?:${IMPORT}|${EXPORT})\s*from\s*['"]([^'"]+)['"]`, 'gm');
const SIDE_EFFECT = new RegExp(String.raw`${AT_START}import\s*['"]([^'"]+)['"]`, 'gm');
const DYNAMIC = /\bimport\s*\(\s*['"]([^'"]+)['"]/g;

/**
 * Every import, re-export and import() of a file. Statements count where a line or statement begins, which is never
 * inside of a comment in this project's style.
 */
export function importsOf(source: string): Import[] {
  const found: Import[] = [];
  for (const [, importType, , exportType, , target] of source.matchAll(STATIC)) {
    // `import { type A }` still loads the module under verbatimModuleSyntax: only the whole statement's `type` counts.
    found.push({ target: target ?? '', typeOnly: (importType ?? exportType) !== undefined });
  }
  for (const pattern of [SIDE_EFFECT, DYNAMIC]) {
    for (const [, target] of source.matchAll(pattern)) found.push({ target: target ?? '', typeOnly: false });
  }
  return found;
}

/** What breaks the rules, one sentence each, in the order of the files. */
export function violations(sources: Sources): string[] {
  const broken: string[] = [];
  for (const [file, source] of sources) {
    for (const { target, typeOnly } of importsOf(source)) {
      const sentence = breaks(file, target, typeOnly);
      if (sentence !== undefined) broken.push(sentence);
    }
  }
  return [...broken, ...workflowViolations(sources), ...mutualViolations(sources)];
}

function breaks(file: string, target: string, typeOnly: boolean): string | undefined {
  if (!target.startsWith('.')) return undefined;
  const imported = resolveFrom(file, target);
  const here = roomOf(file);
  const there = roomOf(imported);
  if (here === there) return undefined;
  if (there === undefined) {
    // Nothing of the product needs the tests; the launcher's lock is shared with the rehearsal.
    const allowed = here === 'cli' && imported.startsWith('set-up/');
    return allowed || imported === 'package.json' ? undefined : `${file} imports ${imported}, which is outside of src`;
  }
  if (there === 'sandbox' && imported !== SANDBOX_ENTRY) {
    return `${file} imports ${imported}; of the sandbox only ${SANDBOX_ENTRY} may be used`;
  }

  const knownTo = ONLY_KNOWN_TO[there];
  if (knownTo && !knownTo.includes(here ?? '')) {
    return `${file} imports ${imported}, which only ${knownTo.join(' and ') || 'nothing'} may`;
  }

  const room = here === undefined ? undefined : ROOMS[here];
  if (!room || room.from.includes(there)) return undefined;
  if (room.types?.includes(there))
    return typeOnly ? undefined : `${file} imports ${imported}; ${here} may use only its types`;
  return `${file} imports ${imported}; ${here} may import ${room.from.join(', ') || 'nothing of ours'}`;
}

/**
 * What ends up in the workflow bundle must be deterministic: no Node built-ins and no time zones, however deep; and it
 * must be known as replayed by its place, so that nobody changes it unawares.
 */
function workflowViolations(sources: Sources): string[] {
  const broken: string[] = [];
  for (const [start] of sources) {
    if (roomOf(start) !== 'workflows') continue;
    const seen = new Set([start]);
    const queue: string[][] = [[start]];
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      for (const { target, typeOnly } of importsOf(sources.get(path.at(-1) ?? '') ?? '')) {
        if (typeOnly) continue;
        const chain = [...path, target].join(' → ');
        if (target.startsWith('node:')) broken.push(`${chain}: workflows cannot use Node's built-ins`);
        else if (OUTSIDE_WORKFLOWS.some((name) => target === name || target.startsWith(`${name}/`))) {
          broken.push(`${chain}: workflows use epoch milliseconds only`);
        }
        if (!target.startsWith('.')) continue;
        const imported = resolveFrom(path.at(-1) ?? '', target);
        if (seen.has(imported)) continue;
        seen.add(imported);
        if (roomOf(imported) === 'domain' && !isReplayed(imported))
          broken.push(`${chain}: workflows replay only what lies in ${REPLAYED.join(' and ')}`);
        queue.push([...path, imported]);
      }
    }
  }
  return [...new Set(broken)];
}

const isReplayed = (file: string): boolean => REPLAYED.some((folder) => file.startsWith(folder));

/**
 * Of two folders of the sandbox only one may know the other. Types do not count: nothing of them is left at run time.
 */
function mutualViolations(sources: Sources): string[] {
  const known = new Map<string, string>();
  for (const [file, source] of sources) {
    for (const { target, typeOnly } of importsOf(source)) {
      if (typeOnly || !target.startsWith('.')) continue;
      const imported = resolveFrom(file, target);
      const [here, there] = [sandboxFolder(file), sandboxFolder(imported)];
      if (here !== undefined && there !== undefined && here !== there)
        known.set(`${here} ${there}`, `${file} imports ${imported}`);
    }
  }
  return [...known].flatMap(([pair, forth]) => {
    const [here = '', there = ''] = pair.split(' ');
    const back = known.get(`${there} ${here}`);
    return back !== undefined && here < there
      ? [`${forth}, and ${back}: of two folders of the sandbox only one may know the other`]
      : [];
  });
}

const sandboxFolder = (file: string): string | undefined => /^sandbox\/src\/([^/]+)\//.exec(file)?.[1];

function resolveFrom(file: string, target: string): string {
  return posix.normalize(posix.join(dirname(file), target));
}

/**
 * `domain` for src/domain/plan/plan.ts, `worker.ts` for src/worker.ts, `sandbox` for all of it, undefined elsewhere.
 */
function roomOf(file: string): string | undefined {
  const [top, room] = file.split('/');
  if (top === 'sandbox' && room !== 'test' && room !== 'conformance') return 'sandbox';
  return top === 'src' ? room : undefined;
}
