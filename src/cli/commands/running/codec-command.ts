import { Command } from 'commander';
import { whole } from '../../input/options.ts';

interface CodecOptions {
  readonly port: number;
  readonly ui: string[];
}

/** `workshop codec`: reads what is encrypted for Temporal's own pages and command line. */
export function codecCommand(): Command {
  return new Command('codec')
    .description("Read what is encrypted in Temporal, for Temporal's own pages and command line, until Ctrl-C.")
    .option('--port <port>', 'where it listens on 127.0.0.1', whole(0, 65_535), 8081)
    .option('--ui <origin...>', 'where the pages are that may ask', ['http://127.0.0.1:8233', 'http://localhost:8233'])
    .addHelpText('after', HELP)
    .action(async ({ port, ui }: CodecOptions) => {
      const { serveCodec } = await import('./serve-codec.ts');
      await serveCodec(port, ui);
    });
}

const HELP = `
Example:
  WORKSHOP_PAYLOAD_KEY=… workshop codec
  …and in another terminal, with the address that it prints:
  export TEMPORAL_CODEC_ENDPOINT=http://127.0.0.1:8081/…
  temporal workflow show --workflow-id workshop/spring-apps
In Temporal's pages, the glasses at the top right take the same address.

Whoever knows that address and can reach this computer's ports reads everybody's data while this runs.`;
