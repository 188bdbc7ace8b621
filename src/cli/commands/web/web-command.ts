import { Command } from 'commander';
import { whole } from '../../input/options.ts';
import { ID } from '../../which/id-argument.ts';
import type { LinksOptions } from './show-links.ts';
import type { WebOptions } from './run-web.ts';
import { WEB_PORT } from './web-port.ts';

/** `workshop web`: the room's pages, and the links that open them. */
export function webCommand(): Command {
  return new Command('web')
    .description("Serve the room's pages: one for those who run a workshop, one for each who sits in it.")
    .option('--host <address>', 'where to listen; anything but this computer only on purpose', '127.0.0.1')
    .option('--port <port>', 'at which port', whole(0, 65_535), WEB_PORT)
    .option('--public-url <url>', 'how people reach it, where something stands in front of it')
    .option('--identity-header <name>', 'who is signed in, as a proxy in front says, like X-Forwarded-Email')
    .option('--trusted-proxies <addresses>', 'the only addresses that the header is believed from, like 10.0.0.0/8')
    .addHelpText('after', HELP)
    .action(async (options: WebOptions) => {
      const { runWeb } = await import('./run-web.ts');
      await runWeb(options);
    })
    .addCommand(linksCommand());
}

function linksCommand(): Command {
  return new Command('links')
    .description('Print the links that open the pages: of those who run it, or of attendees.')
    .argument(...ID)
    .option('--attendees', "everybody's own, with their address before it: keep it to yourself")
    .option('--url <url>', 'where the pages are; the plan says it in web.url')
    .option('--json', 'print them as JSON')
    .action(async (id: string | undefined, options: LinksOptions) => {
      const { showLinks } = await import('./show-links.ts');
      await showLinks(id, options);
    });
}

const HELP = `
Links are sealed with WORKSHOP_LINK_KEY. The worker needs the same key, where letters shall have links in them.
With the workspace's credentials in the environment, a cluster's events and its init log are shown too.

Examples:
  export WORKSHOP_LINK_KEY="$(openssl rand -base64 32)"
  workshop web
  workshop web links spring-apps

How to reach it from a room: docs/web.md`;
