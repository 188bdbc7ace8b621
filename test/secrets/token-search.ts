import { globSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setInterval as every } from 'node:timers';
import type { Client } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';

/** Every token of a sandbox: of its admin, of people, and of what runs on their nodes. */
const TOKEN = /dapi[0-9a-f]{16,}/g;
const LOOK_AGAIN_MS = 200;

/** Looks for tokens in whatever a run writes, while it writes it: a sandbox takes its folder with it when it ends. */
export class TokenSearch {
  /** Where something was found, and how it begins. */
  readonly found = new Set<string>();
  /** Every file that was read. */
  readonly read = new Set<string>();
  readonly #secrets: readonly string[];
  readonly #versions = new Map<string, string>();

  /** @param secrets that the run is given, besides the tokens that it makes */
  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  inText(where: string, text: string): void {
    for (const secret of [...this.#secrets.filter((one) => text.includes(one)), ...(text.match(TOKEN) ?? [])])
      this.found.add(`${where}: ${secret.slice(0, 8)}…`);
  }

  inFolder(folder: string): void {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      try {
        if (entry.isDirectory()) this.inFolder(path);
        if (entry.isFile()) this.#inFile(path);
      } catch (error) {
        // It may have gone meanwhile.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }

  /** Again and again, for folders that come and go. Returns what ends it. */
  watch(pattern: string): () => void {
    const look = () => {
      for (const folder of globSync(pattern)) if (lstatSync(folder).isDirectory()) this.inFolder(folder);
    };
    const timer = every(look, LOOK_AGAIN_MS);
    return () => {
      clearInterval(timer);
      look();
    };
  }

  /** All that a Temporal server keeps of every workflow, decrypted. Returns the texts that were read. */
  async inHistories(client: Client, codec: PayloadCodec): Promise<string> {
    const texts: string[] = [];
    for await (const { workflowId, runId } of client.workflow.list()) {
      const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
      const text = (await textsIn(history, codec)).join('\n');
      this.inText(`history of ${workflowId}`, text);
      texts.push(text);
    }
    return texts.join('\n');
  }

  #inFile(path: string): void {
    const { mtimeMs, size } = statSync(path);
    if (this.#versions.get(path) === `${mtimeMs} ${size}`) return;
    this.#versions.set(path, `${mtimeMs} ${size}`);
    this.read.add(path);
    this.inText(path, readFileSync(path, 'latin1'));
  }
}

/** Every text in a message of Temporal's, and in the payloads in it. */
async function textsIn(value: unknown, codec: PayloadCodec): Promise<string[]> {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('latin1')];
  if (typeof value !== 'object' || value === null) return [];
  if ('metadata' in value && 'data' in value) {
    const [plain] = await codec.decode([value as Payload]);
    return [Buffer.from(plain?.data ?? []).toString('utf8')];
  }
  return (await Promise.all(Object.values(value).map((part) => textsIn(part, codec)))).flat();
}
