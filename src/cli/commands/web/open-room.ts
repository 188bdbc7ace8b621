import { randomBytes } from 'node:crypto';
import { WorkshopClient } from '../../../client.ts';
import { signedLink } from '../../../domain/links/signed-link.ts';
import { serveWeb } from '../../../web/serve-web.ts';
import { linkKey } from './link-key.ts';
import { webPartsFor } from './web-parts-for.ts';

/** The room's pages of a rehearsal, or of whatever runs on servers of one's own. */
export interface OpenRoom {
  readonly url: string;
  /** Where whoever runs a workshop finds it, as long as nobody has raised the generation of its links. */
  facilitatorsPage(id: string, runId: string): string;
  close(): Promise<void>;
}

/**
 * Serves the pages on this computer only, over a connection of their own: they outlive what a rehearsal does.
 * @param env Temporal, credentials of the workspace, and the key of the links
 * @throws {WrongInput} without a key
 */
export async function openRoom(env: NodeJS.ProcessEnv, port: number): Promise<OpenRoom> {
  const key = linkKey(env);
  const client = await WorkshopClient.connect(env);
  try {
    const parts = await webPartsFor(client, env, { key });
    const serving = await serveWeb(parts, { host: '127.0.0.1', port });
    return {
      url: serving.url,
      facilitatorsPage: (id, runId) =>
        `${serving.url}/${id}/${signedLink(key, { role: 'facilitator' }, { id, runId, generation: 1 })}`,
      close: async () => {
        await serving.close();
        await client.close();
      },
    };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** A key for links that are good until this program ends. */
export const passingLinkKey = (): string => randomBytes(32).toString('base64');
