import { openCodecEndpoint } from '../../../temporal/encryption/codec-endpoint.ts';
import { PayloadEncryption } from '../../../temporal/encryption/payload-encryption.ts';
import { EXIT, WrongInput } from '../../input/exit.ts';
import { untilStopped } from '../../input/until-stopped.ts';
import { mustBeFree } from '../../rehearsal/port-must-be-free.ts';
import { print, say } from '../../terminal/output.ts';

/**
 * Keeps a codec endpoint up until Ctrl-C, and prints its address.
 * @throws {WrongSettings} without a key; {WrongInput} when an origin is none, or the port is taken.
 */
export async function serveCodec(port: number, ui: readonly string[]): Promise<void> {
  const origins = ui.map(originOf);
  const encryption = PayloadEncryption.from(process.env);
  await mustBeFree(port, '--port');
  const stopped = untilStopped();
  const endpoint = await openCodecEndpoint({ encryption, origins, port });
  print(`export TEMPORAL_CODEC_ENDPOINT=${endpoint.url}`);
  say(
    'Paste the line above into another terminal for the temporal command line, or give the address to the pages of ' +
      `${origins.join(' or ')}: the glasses at the top right. Whoever knows it reads what is encrypted. ` +
      'Ctrl-C ends it.',
  );
  await stopped;
  await endpoint.close();
  process.exitCode = EXIT.ok;
}

/** @throws {WrongInput} */
function originOf(text: string): string {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && ['', '/'].includes(url.pathname)) return url.origin;
  throw new WrongInput(`--ui is "${text}", but is the beginning of a page's address, like http://127.0.0.1:8233.`);
}
