import { Command } from 'commander';
import { idAnd, ID } from '../../which/id-argument.ts';
import type { ListOptions } from './list-messages.ts';
import type { BouncedOptions } from './note-bounces.ts';
import type { ResendOptions } from './resend-message.ts';
import type { ShowOptions } from './show-message.ts';
import type { TestOptions } from './test-channels.ts';

/** `workshop messages`: what leaves by mail, Slack, Teams and webhook, and what has become of it. */
export function messagesCommand(): Command {
  return new Command('messages')
    .description('Letters and alarms on their way: list them, read one, send one again, try the channels of a plan.')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(resendCommand())
    .addCommand(bouncedCommand())
    .addCommand(testCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('List what has not arrived for certain, by name, and count the rest.')
    .argument(...ID)
    .option('--all', 'list what was accepted, too')
    .option('--json', 'print every message as JSON')
    .addHelpText('after', '\nExample:\n  workshop messages list spring-apps')
    .action(async (id: string | undefined, options: ListOptions) => {
      const { listMessages } = await import('./list-messages.ts');
      await listMessages(id, options);
    });
}

const KEY = ['[key]', 'the message, as "messages list" names it; how it begins is enough'] as const;

function showCommand(): Command {
  return new Command('show')
    .description('Show one message, and what has become of it on each channel.')
    .argument(...ID)
    .argument(...KEY)
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample:\n  workshop messages show spring-apps ann@example.com-invitation')
    .action(async (first: string | undefined, second: string | undefined, options: ShowOptions, command: Command) => {
      const { id, what } = idAnd(command, first, second);
      const { showMessage } = await import('./show-message.ts');
      await showMessage(id, what, options);
    });
}

function resendCommand(): Command {
  return new Command('resend')
    .description('Send one message again on every channel of its group, although it may have arrived.')
    .argument(...ID)
    .argument(...KEY)
    .option('--yes', 'do not ask, although it may have arrived')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', '\nExample:\n  workshop messages resend spring-apps ann@example.com-invitation')
    .action(async (first: string | undefined, second: string | undefined, options: ResendOptions, command: Command) => {
      const { id, what } = idAnd(command, first, second);
      const { resendMessage } = await import('./resend-message.ts');
      await resendMessage(id, what, options);
    });
}

function bouncedCommand(): Command {
  return new Command('bounced')
    .description(
      'Note mails that came back later: the delivery reports that your mail program saved say whose they are, and why.',
    )
    .argument(...ID)
    .requiredOption('--file <files...>', 'mails as they came (.eml)')
    .option('--json', 'print what was noted as JSON')
    .addHelpText('after', '\nExample:\n  workshop messages bounced spring-apps --file undelivered-*.eml')
    .action(async (id: string | undefined, options: BouncedOptions) => {
      const { noteBounces } = await import('./note-bounces.ts');
      await noteBounces(id, options);
    });
}

function testCommand(): Command {
  return new Command('test')
    .description(
      'Send one message to yourself through each channel that a plan names, with the secrets of this environment.',
    )
    .argument('<file>', 'the plan')
    .requiredOption('--to <email>', 'your address')
    .option('--json', 'print what happened as JSON')
    .addHelpText('after', '\nExample:\n  workshop messages test my-workshop.yaml --to me@example.com')
    .action(async (file: string, options: TestOptions) => {
      const { testChannels } = await import('./test-channels.ts');
      await testChannels(file, options);
    });
}
