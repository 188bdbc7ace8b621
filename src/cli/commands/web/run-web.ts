import { serveWeb } from '../../../web/serve-web.ts';
import { proxiesIn, type SignedInBy } from '../../../web/guard/forwarded-identity.ts';
import { EXIT, WrongInput } from '../../input/exit.ts';
import { untilStopped } from '../../input/until-stopped.ts';
import { withClient } from '../../input/with-client.ts';
import { say } from '../../terminal/output.ts';
import { linkKey } from './link-key.ts';
import { webPartsFor } from './web-parts-for.ts';

export interface WebOptions {
  readonly host: string;
  readonly port: number;
  readonly publicUrl?: string;
  readonly identityHeader?: string;
  readonly trustedProxies?: string;
}

/**
 * Serves the pages until Ctrl-C.
 * @throws {WrongInput} before anything is served: without a key, or where the port is taken
 */
export async function runWeb(options: WebOptions): Promise<void> {
  const { host, port, publicUrl } = options;
  const key = linkKey(process.env);
  const signedInBy = signedIn(options);
  const stopped = untilStopped();
  await withClient(async (client) => {
    const parts = await webPartsFor(client, process.env, {
      key,
      publicUrl: publicUrl === undefined ? undefined : urlOf(publicUrl),
      signedInBy,
    });
    const serving = await serveWeb(parts, { host, port }).catch((error: NodeJS.ErrnoException) => {
      throw new WrongInput(
        `The pages cannot listen on ${host}, port ${port} (${error.code ?? error.message}): choose another --port.`,
      );
    });
    try {
      say(`The room's pages are at ${publicUrl ?? serving.url}. Their links: bin/workshop web links`);
      say('Ctrl-C stops them; pages that are open go on by themselves when they are started again.');
      await stopped;
      process.exitCode = EXIT.ok;
    } finally {
      await serving.close();
    }
  });
}

function urlOf(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, '');
  throw new WrongInput(`--public-url "${text}" is no address: write it like https://room.example.com`);
}

function signedIn({ identityHeader: header, trustedProxies }: WebOptions): SignedInBy | undefined {
  if (header === undefined && trustedProxies === undefined) return undefined;
  if (header === undefined || trustedProxies === undefined)
    throw new WrongInput(
      'Who is signed in is believed only from a proxy: give --identity-header and --trusted-proxies together.',
    );
  try {
    return { header, proxies: proxiesIn(trustedProxies) };
  } catch (error) {
    throw new WrongInput(`--trusted-proxies ${(error as Error).message}`);
  }
}
