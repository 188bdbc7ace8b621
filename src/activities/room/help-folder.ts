import { helpFile, LARGEST_HELP, readHelp, type HelpAsked } from '../../domain/room/help.ts';
import { meansNotFound, type Workspace } from '../../databricks/workspace.ts';

/** Everybody may write there: a look is at so many files at most. */
const MOST_LISTED = 5_000;

/** A file of which a name says that help is asked for in it. */
export interface HelpFile {
  readonly name: string;
  readonly cluster: string;
  /** Epoch milliseconds, by the clock of whoever named it. */
  readonly at: number;
}

/** The folder in which `help-me` writes. */
export class HelpFolder {
  readonly #files: Workspace['files'];
  readonly #path: string;

  constructor({ files }: Pick<Workspace, 'files'>, path: string) {
    this.#files = files;
    this.#path = path;
  }

  /** What lies there, but for `passedOver`, the oldest first; `odd` are not as `help-me` makes them. */
  async list(passedOver: ReadonlySet<string>): Promise<{ files: HelpFile[]; odd: string[] }> {
    const files: HelpFile[] = [];
    const odd: string[] = [];
    let listed = 0;
    try {
      for await (const { path, is_directory: isFolder, file_size: size = 0 } of this.#files.list(this.#path)) {
        listed += 1;
        if (listed > MOST_LISTED) break;
        const name = path.slice(path.lastIndexOf('/') + 1);
        if (passedOver.has(name)) continue;
        const named = isFolder === true || size > LARGEST_HELP ? undefined : helpFile(name);
        if (named === undefined) odd.push(name);
        else files.push({ name, ...named });
      }
    } catch (error) {
      // Nobody has asked for anything yet.
      if (!meansNotFound(error)) throw error;
    }
    return { files: files.toSorted((a, b) => a.at - b.at), odd };
  }

  /** What is asked for in a file; undefined when it is not as `help-me` writes it. */
  async read({ name, cluster }: HelpFile): Promise<HelpAsked | undefined> {
    const bytes = await this.#files.download(`${this.#path}/${name}`);
    return bytes === undefined ? undefined : readHelp(bytes.toString('utf8'), cluster);
  }

  /** Deletes those, and returns which are still there: that one stays does no harm to whoever asks. */
  async delete(names: readonly string[]): Promise<string[]> {
    const left: string[] = [];
    for (const name of names) await this.#files.delete(`${this.#path}/${name}`).catch(() => left.push(name));
    return left;
  }
}
