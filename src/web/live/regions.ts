import { createHash } from 'node:crypto';

/** A part of a page that changes by itself: the element of that id. */
export interface Region {
  readonly id: string;
  /** The whole element. */
  readonly html: string;
}

/** What has changed on a page since some moment. */
export interface Changes {
  /** To be given back when the next changes are asked for. */
  readonly mark: string;
  readonly regions: readonly Region[];
  /** There are other parts than before: the page is to be loaded anew. */
  readonly isOther?: true;
}

const MARK = /^(\d{1,16})-([0-9a-f]{10})$/;

/**
 * The parts of one page, and when each of them last changed. Marks are made of moments and of which parts there are, so
 * that a page goes on with them after the process was started again.
 */
export class Regions {
  #kept = new Map<string, { readonly html: string; readonly since: number }>();
  #parts = '';
  #version = 0;

  /** As a page carries it. */
  get mark(): string {
    return `${this.#version}-${this.#parts}`;
  }

  get all(): readonly Region[] {
    return [...this.#kept].map(([id, { html }]) => ({ id, html }));
  }

  /** Takes the parts as they are now; true where something has changed. @param now epoch milliseconds */
  take(regions: readonly Region[], now: number): boolean {
    const version = Math.max(now, this.#version + 1);
    const parts = partsOf(regions);
    const kept = this.#kept;
    this.#kept = new Map(
      regions.map(({ id, html }) => {
        const before = kept.get(id);
        return [id, before?.html === html ? before : { html, since: version }];
      }),
    );
    const hasChanged = parts !== this.#parts || [...this.#kept.values()].some(({ since }) => since === version);
    this.#parts = parts;
    if (hasChanged) this.#version = version;
    return hasChanged;
  }

  /** @param mark as the page had it; what is no mark of ours gets everything */
  since(mark: string): Changes {
    const [, version = '0', parts] = MARK.exec(mark) ?? [];
    if (parts !== undefined && parts !== this.#parts) return { mark: this.mark, regions: [], isOther: true };
    const regions = [...this.#kept].flatMap(([id, { html, since }]) => (since > Number(version) ? [{ id, html }] : []));
    return { mark: this.mark, regions };
  }
}

const partsOf = (regions: readonly Region[]): string =>
  createHash('sha256')
    .update(JSON.stringify(regions.map(({ id }) => id)))
    .digest('hex')
    .slice(0, 10);
