import { Command } from 'commander';
import { estimate } from '../../domain/cost.ts';
import { paceAt } from '../../domain/pace.ts';
import { reportPage } from '../../domain/report-page.ts';
import { WorkshopClient } from '../../client.ts';
import { startEmbedded } from '../embedded.ts';
import { EXIT } from '../exit.ts';
import { number, whole } from '../options.ts';
import { followProgress } from '../follow-progress.ts';
import { answerSignOffs } from '../rehearsal-answers.ts';
import { measured } from '../rehearsal-measures.ts';
import { rehearsalPeople, rehearsalPlan } from '../rehearsal-plan.ts';
import { untilStopped } from '../until-stopped.ts';

interface RehearseOptions {
  readonly attendees: number;
  readonly speed: number;
  readonly keepUi?: boolean;
  readonly json?: boolean;
}

/** `workshop rehearse`, and so `npm start`: a whole workshop in about two minutes, on this computer only. */
export function rehearseCommand(): Command {
  return new Command('rehearse')
    .description('Run a whole workshop in about two minutes, on a Temporal server and a workspace that exist only on this computer.')
    .option('--attendees <n>', 'how many people', whole(1, 2_000), 140)
    .option('--speed <times>', 'how much faster than a real workspace the sandbox boots clusters', number(1, 1_000), 60)
    .option('--keep-ui', 'leave the Temporal UI up afterwards, until Ctrl-C')
    .option('--json', 'print only the report, as JSON')
    .addHelpText('after', '\nExit code 0: everybody was ready and the workspace is proven empty. 1: not so, see the report.\nDATABRICKS_* and ARM_* variables and profiles are ignored; TEMPORAL_ADDRESS, when set, is used.')
    .action(rehearse);
}

async function rehearse(options: RehearseOptions): Promise<void> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const people = rehearsalPeople(options.attendees);
  const embedded = await startEmbedded({ people: [...people, ...TESTERS], speed: options.speed, say });
  let client: WorkshopClient | undefined;
  try {
    client = await WorkshopClient.connect(embedded.env);
    const { plan, timeline } = await rehearsalPlan({ attendees: people.length, workspace: embedded.sandbox.url, now: Date.now() });
    say(`Rehearsing with ${people.length} people in a sandbox workspace at ${embedded.sandbox.url}; nothing real is touched.`);
    say(embedded.temporal.uiUrl ? `Temporal UI: ${embedded.temporal.uiUrl}` : `Temporal: ${embedded.temporal.address}`);
    await client.start({
      plan, people, timeline, pace: paceAt(options.speed), workspaceId: embedded.sandbox.workspaceId,
      estimate: estimate(plan, people.length).total.expected,
    });
    const current = client;
    await followProgress(client, plan.id, { quiet: options.json === true, onEach: (progress) => answerSignOffs(current, plan.id, progress) });
    const report = measured(await client.result(plan.id), embedded.sandbox, plan.testers);
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : `\n${reportPage(report)}`);
    say(`Letters, reports and logs: ${embedded.folder}`);
    const proven = report.proof.second !== null && report.proof.clusters + report.proof.pools + report.clusters.left === 0;
    process.exitCode = proven && report.attendees.ready === people.length && report.attendees.removed === people.length ? EXIT.ok : EXIT.notAsWanted;
    if (options.keepUi && embedded.temporal.uiUrl) {
      say(`The Temporal UI stays up at ${embedded.temporal.uiUrl}. Ctrl-C ends it.`);
      await untilStopped();
    }
  } finally {
    await client?.close();
    await embedded.stop();
  }
}

/** The example plan's testers, who must exist too. */
const TESTERS: readonly string[] = ["tester.one@example.com", "tester.two@example.com"];
