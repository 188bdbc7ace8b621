import { RESOURCE_KINDS } from './resource-kinds.ts';
import { fileActOf } from './file-acts.ts';
import type { FileAct } from './file-acts.ts';
import type { Asked } from '../http/perform.ts';
import type { Kept } from '../state/kept.ts';
import type { HistoryWorld } from './history-world.ts';

type Kind = keyof typeof RESOURCE_KINDS | 'file';

/** Something that was ever there. */
export interface ResourceEntry {
  readonly kind: Kind;
  /** Of a file, its path. */
  readonly id: string;
  /** As it is called now, or was last. A token goes by its owner and comment. */
  name: string;
  /** Who made it; undefined for what was there from the start or came through the sandbox's own routes. */
  readonly by: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
  goneBy?: string | undefined;
  goneAt?: number;
  alive: boolean;
}

const KINDS = Object.keys(RESOURCE_KINDS) as (keyof typeof RESOURCE_KINDS)[];

/**
 * Everything that was ever there and has no memory of its own. It looks from outside, after every act that may have
 * changed something, at what there is then: so nothing is missed, whatever took it along when it went.
 */
export class ResourceHistory implements Kept<ResourceEntry[]> {
  readonly #workspace: HistoryWorld;
  #entries: ResourceEntry[] = [];
  readonly #alive = Object.fromEntries([...KINDS, 'file'].map((kind) => [kind, new Map()])) as Readonly<
    Record<Kind, Map<string, ResourceEntry>>
  >;

  constructor(workspace: HistoryWorld, at: number) {
    this.#workspace = workspace;
    for (const kind of KINDS) this.#compare(kind, undefined, at);
  }

  state(): ResourceEntry[] {
    return this.#entries;
  }

  restore(entries: ResourceEntry[]): void {
    this.#entries = entries;
    for (const known of Object.values(this.#alive)) known.clear();
    for (const entry of entries) if (entry.alive) this.#alive[entry.kind].set(entry.id, entry);
  }

  /** Every one ever, in the order in which they came. */
  entries(): readonly Readonly<ResourceEntry>[] {
    const now = this.#workspace.advance();
    const inVolumes = new Set(this.#workspace.volumeFiles.paths());
    // Programs on a node remove files too, and a volume takes its files along.
    for (const [path, entry] of this.#alive.file)
      if (path.startsWith('/Volumes/') && !inVolumes.has(path)) this.#end(entry, undefined, now);
    return this.#entries;
  }

  /** After what was done otherwise than by a request, such as through the sandbox's own routes, and concerns people. */
  lookAtPeople(at: number, by?: string): void {
    for (const kind of ['user', 'service-principal', 'group', 'token'] as const) this.#compare(kind, by, at);
  }

  /** After a request that was answered well. */
  lookAfter(asked: Asked, at: number): void {
    const { route, caller } = asked;
    for (const kind of KINDS)
      if (RESOURCE_KINDS[kind].touchedBy.test(route.path)) this.#compare(kind, caller?.userName, at);
    const act = fileActOf(asked);
    if (act) this.#file(act, caller?.userName, at);
  }

  #compare(kind: keyof typeof RESOURCE_KINDS, by: string | undefined, at: number): void {
    const alive = this.#alive[kind];
    const left = new Set(alive.keys());
    for (const { id, name } of RESOURCE_KINDS[kind].existing(this.#workspace)) {
      left.delete(id);
      const known = alive.get(id);
      if (known) known.name = name;
      else this.#begin({ kind, id, name, by, at, alive: true });
    }
    for (const id of left) {
      const entry = alive.get(id);
      if (entry) this.#end(entry, by, at);
    }
  }

  #file({ act, path }: FileAct, by: string | undefined, at: number): void {
    if (act === 'written') {
      if (!this.#alive.file.has(path)) this.#begin({ kind: 'file', id: path, name: path, by, at, alive: true });
      return;
    }
    for (const entry of this.#alive.file.values())
      if (entry.id === path || entry.id.startsWith(`${path}/`)) this.#end(entry, by, at);
  }

  #begin(entry: ResourceEntry): void {
    this.#entries.push(entry);
    this.#alive[entry.kind].set(entry.id, entry);
  }

  #end(entry: ResourceEntry, by: string | undefined, at: number): void {
    this.#alive[entry.kind].delete(entry.id);
    entry.alive = false;
    entry.goneBy = by;
    entry.goneAt = at;
  }
}
