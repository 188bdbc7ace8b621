import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  visit,
  type Document,
  type LineCounter,
  type Node,
  type ParsedNode,
  type Pair,
} from 'yaml';

/** Where one value of a YAML file stands. Offsets are characters from the start of the file. */
export interface Place {
  readonly path: readonly (string | number)[];
  /** Start of its key, or of the value itself in a list. */
  readonly from: number;
  /** Where its value ends. */
  readonly to: number;
  /** The key as text, or undefined for an entry of a list. */
  readonly key: string | undefined;
}

/** Every key and list entry of a document, parents before children. */
export function placesOf(document: Document<ParsedNode>): Place[] {
  const places: Place[] = [];
  const walk = (node: Node | null | undefined, path: readonly (string | number)[]): void => {
    if (isMap(node)) {
      for (const pair of node.items) {
        if (!isPair(pair) || !isScalar(pair.key)) continue;
        const { key, value } = pair as Pair<Node & { value: unknown }, Node | null>;
        const name = String(key.value);
        const here = [...path, name];
        places.push({ path: here, from: key.range?.[0] ?? 0, to: value?.range?.[1] ?? key.range?.[1] ?? 0, key: name });
        walk(value, here);
      }
    } else if (isSeq(node)) {
      node.items.forEach((item, index) => {
        const value = item as Node | null;
        const here = [...path, index];
        places.push({ path: here, from: value?.range?.[0] ?? 0, to: value?.range?.[1] ?? 0, key: undefined });
        walk(value, here);
      });
    }
  };
  walk(document.contents, []);
  return places;
}

/** Where the value at exactly this path stands; undefined when nobody wrote it. */
export function placeOf(places: readonly Place[], path: readonly PropertyKey[]): Place | undefined {
  return places.find(
    (candidate) => candidate.path.length === path.length && candidate.path.every((part, index) => part === path[index]),
  );
}

/** Something that has to be closed again. */
export interface Opening {
  readonly from: number;
  readonly sign: string;
}

/** The quote or bracket opened last before an offset, which is where an unclosed one was noticed. */
export function openedBefore(document: Document<ParsedNode>, offset: number, signs: string): Opening | undefined {
  let last: Opening | undefined;
  visit(document, {
    Node(_key, node) {
      const from = node.range?.[0] ?? offset;
      const sign = signOf(node);
      if (sign !== undefined && signs.includes(sign) && from < offset && from >= (last?.from ?? 0))
        last = { from, sign };
    },
  });
  return last;
}

function signOf(node: unknown): string | undefined {
  if (isScalar(node)) return node.type === 'QUOTE_DOUBLE' ? '"' : node.type === 'QUOTE_SINGLE' ? "'" : undefined;
  if (isMap(node)) return node.flow ? '{' : undefined;
  return isSeq(node) && node.flow ? '[' : undefined;
}

/** The line of the value at a path, or of its nearest parent that the file has; the first line of content otherwise. */
export function lineOf(places: readonly Place[], lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const place = placeOf(places, path.slice(0, length));
    if (place) return lines.linePos(place.from).line;
  }
  return places[0] ? lines.linePos(places[0].from).line : 1;
}

/** The innermost value that an offset lies in. */
export function placeAt(places: readonly Place[], offset: number): Place | undefined {
  return places.findLast((place) => place.from <= offset && offset < place.to);
}

/** `compute.pool.margin`, `testers[0]`: a path as people write it. */
export function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, part) =>
      typeof part === 'number' ? `${name}[${part}]` : name === '' ? String(part) : `${name}.${String(part)}`,
    '',
  );
}
