/** What a golden file may say in place of a value that differs from run to run. */
interface Placeholder {
  readonly shape: RegExp;
  readonly kind: 'string' | 'number' | 'boolean';
}

const PLACEHOLDERS: ReadonlyMap<string, Placeholder> = new Map(
  Object.entries<Placeholder>({
    text: { shape: /[^]+/, kind: 'string' },
    number: { shape: /-?\d+(?:\.\d+)?/, kind: 'number' },
    boolean: { shape: /true|false/, kind: 'boolean' },
    'cluster-id': { shape: /\d{4}-\d{6}-[a-z0-9]{8}/, kind: 'string' },
    'pool-id': { shape: /[\w-]+/, kind: 'string' },
    'policy-id': { shape: /[0-9A-F]{16}/, kind: 'string' },
    id: { shape: /[\w-]+/, kind: 'string' },
    digits: { shape: /\d+/, kind: 'string' },
    uuid: { shape: /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/, kind: 'string' },
    'epoch-ms': { shape: /\d{13}/, kind: 'number' },
    url: { shape: /https?:\/\/\S+/, kind: 'string' },
    token: { shape: /[\w.-]{20,}/, kind: 'string' },
    base64: { shape: /[A-Za-z0-9+/]+={0,2}/, kind: 'string' },
  }),
);

/** Values that earlier cases kept, by name: a golden says `<=cluster>` for one. */
export type Kept = Readonly<Record<string, string>>;

const IN_TEXT = /<(=?[\w-]+)>/g;

/**
 * The sentence that says why a value is not what a placeholder stands for; undefined when it is, or when the golden
 * is no placeholder.
 */
export function misfit(golden: string, actual: unknown): string | undefined {
  const placeholder = PLACEHOLDERS.get(/^<([\w-]+)>$/.exec(golden)?.[1] ?? '');
  if (!placeholder) return undefined;
  const fits =
    typeof actual === placeholder.kind && new RegExp(`^(?:${placeholder.shape.source})$`).test(String(actual));
  return fits ? undefined : `is not ${golden}`;
}

/** Whether the golden is a placeholder and nothing else. */
export const isPlaceholder = (golden: string): boolean =>
  /^<[\w-]+>$/.test(golden) && PLACEHOLDERS.has(golden.slice(1, -1));

/**
 * A golden text as a pattern. `<any>` in it is any text, none and several lines included; an unknown `<word>` is just
 * that.
 */
export function textPattern(golden: string, kept: Kept): RegExp {
  let pattern = '';
  let done = 0;
  for (const { 0: whole, 1: name = '', index } of golden.matchAll(IN_TEXT)) {
    const shape =
      name === 'any'
        ? '[^]*?'
        : name.startsWith('=')
          ? escaped(kept[name.slice(1)] ?? whole)
          : PLACEHOLDERS.get(name)?.shape.source;
    if (shape === undefined) continue;
    pattern += `${escaped(golden.slice(done, index))}(?:${shape})`;
    done = index + whole.length;
  }
  return new RegExp(`^${pattern}${escaped(golden.slice(done))}$`);
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
