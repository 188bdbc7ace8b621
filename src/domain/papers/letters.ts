import type { Plan } from '../plan/plan.ts';
import type { Details } from '../replayed/seat/details.ts';
import type { Timeline } from '../replayed/time/timeline.ts';

/** A letter to one person: plain text, ready to be sent. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
}

/** A plan from before `databricksCli` pins no version. */
export type LetterPlan = Pick<Plan, 'id' | 'title' | 'workspace' | 'timeZone' | 'contacts'> &
  Partial<Pick<Plan, 'databricksCli' | 'verifyAs' | 'feedback'>>;
/** What is known of whoever reads it. */
export type Addressee = Pick<Details, 'name' | 'table'> | undefined;
type LaptopPlan = Pick<LetterPlan, 'id' | 'workspace' | 'databricksCli'>;

/** Some workspaces forbid that anything runs in people's names. */
const runsInTheirName = ({ verifyAs }: LetterPlan): boolean => verifyAs !== 'events';

/**
 * What the person's laptop calls their cluster, and the profile it signs in with: the same in every letter, so that new
 * lines replace old ones.
 */
export function sshAlias(plan: Pick<Plan, 'id'>): string {
  return `workshop-${plan.id}`;
}

/** The line that makes one's own cluster reachable under its alias. Run twice, it replaces the first. */
export function sshSetupLine(plan: Pick<Plan, 'id'>, clusterId: string): string {
  return `databricks ssh setup --profile ${sshAlias(plan)} --name ${sshAlias(plan)} --cluster ${clusterId}`;
}

/** The laptop check on macOS and Linux, with the two settings written. */
export function shellCheckLine(plan: LaptopPlan): string {
  const version = plan.databricksCli?.version;
  return (
    `sh check.sh --workspace ${plan.workspace} --name ` +
    `${sshAlias(plan)}${version === undefined ? '' : ` --cli ${version}`} --fix`
  );
}

/** The same for Windows, as one line to paste: it runs where the execution policy forbids scripts, too. */
export function powershellCheckLine(plan: LaptopPlan): string {
  const version = plan.databricksCli?.version;
  return (
    `$env:WORKSHOP_WORKSPACE='${plan.workspace}'; ` +
    `$env:WORKSHOP_NAME='${sshAlias(plan)}';${version === undefined ? '' : ` $env:WORKSHOP_CLI='${version}';`} ` +
    "$env:WORKSHOP_FIX='1'; iex (Get-Content -Raw .\\check.ps1)"
  );
}

/** What a letter needs that says when the workshop is. */
export interface Dated {
  readonly plan: LetterPlan;
  readonly to?: Addressee;
  readonly timeline: Pick<Timeline, 'start' | 'end'>;
  readonly clusterId?: string;
}

/** A week before: what to install, and the person's own line where a cluster exists already. */
export function invitation({ plan, timeline, to, clusterId }: Dated): Letter {
  return letter(plan, to, `Please prepare: ${plan.title}`, [
    `You are invited to "${plan.title}".`,
    `When: ${spanText(timeline.start, timeline.end, plan.timeZone)}`,
    `Workspace: ${plan.workspace}`,
    ...(to?.table === undefined ? [] : [`Your table: ${to.table}`]),
    'Please do this before the day, on the laptop you will bring. It takes about fifteen minutes.',
    ...stepsOnLaptop(plan, clusterId),
    ...onYourCluster(plan),
    'If a step fails, write to us with the text of the error. Behind a company proxy that is worth trying early.',
  ]);
}

/** All that makes a laptop ready, in five steps; without a cluster the fourth can only be promised. */
export function stepsOnLaptop(plan: LetterPlan, clusterId: string | undefined): string[] {
  return [
    `1. ${installCli(plan)}
   Open a new terminal and see that this prints a version: databricks --version`,
    `2. Install Visual Studio Code (https://code.visualstudio.com) and its extension Remote - SSH:
     code --install-extension ms-vscode-remote.remote-ssh
   On Windows, "ssh -V" must work too; if not, add the optional feature "OpenSSH Client".`,
    `3. Sign in. Your browser opens; use your work account:
     databricks auth login --host ${plan.workspace} --profile ${sshAlias(plan)}`,
    clusterId === undefined
      ? '4. Your own cluster does not exist yet. You get the line that connects you to it later.'
      : `4. Connect your laptop to your own cluster:\n${setupLines(plan, clusterId)}`,
    '5. See that your laptop is ready. check.sh and check.ps1 came with this letter; ' +
      `in the folder where you put them, type one line:
     macOS, Linux         ${shellCheckLine(plan)}
     Windows, PowerShell  ${powershellCheckLine(plan)}
   It says what is missing and what to type. ` +
      `It also writes two settings: ServerAliveInterval 30 for ssh, because idle connections
   drop after some minutes without it, ` +
      `and remote.SSH.connectTimeout 360 for VS Code, which gives up before your cluster is awake
   otherwise. If we ask you for the code at its end, send it: it names neither you nor your laptop.`,
  ];
}

/** When a person's cluster exists, or was replaced by another: their lines, and how to forget the old machine. */
export function newCluster({
  plan,
  to,
  clusterId,
  previousClusterId,
}: {
  readonly plan: LetterPlan;
  readonly to?: Addressee;
  readonly clusterId: string;
  readonly previousClusterId?: string;
}): Letter {
  if (previousClusterId === undefined) {
    return letter(plan, to, `Your cluster: ${plan.title}`, [
      'Your own cluster is there. Connect your laptop to it:',
      setupLines(plan, clusterId),
      ...onYourCluster(plan),
    ]);
  }
  return letter(plan, to, `Your new cluster: ${plan.title}`, [
    'Your cluster could not be repaired, so you have a new one. ~/workshop is as it was. What else was in your ' +
      'home folder on the old one is in ~/workshop/saved-from-cluster as far as it could still be saved, and gone ' +
      'otherwise.',
    `Make your laptop forget the old one, or ssh will refuse with "Host key verification failed":
     ssh-keygen -R ${previousClusterId}
     ssh-keygen -R ${sshAlias(plan)}
   ("not found" is fine.)`,
    'Then connect to the new one. If you are asked whether to replace the old settings, say yes:\n' +
      setupLines(plan, clusterId),
    ...onYourCluster(plan),
  ]);
}

/** What somebody types who has another cluster now, without a letter around it. */
export const linesForNewCluster = (plan: Pick<Plan, 'id'>, clusterId: string, previous?: string): string[] => [
  ...(previous === undefined ? [] : [`  ssh-keygen -R ${previous}`, `  ssh-keygen -R ${sshAlias(plan)}`]),
  `  ${sshSetupLine(plan, clusterId)}`,
  `  ssh ${sshAlias(plan)} check-claude`,
];

/** After the end: thanks, a question, and until when work can be saved. */
export function feedback({
  plan,
  timeline,
  to,
}: {
  readonly plan: LetterPlan;
  readonly to?: Addressee;
  readonly timeline: Pick<Timeline, 'teardown'>;
}): Letter {
  return letter(plan, to, `How was it? ${plan.title}`, [
    `Thank you for coming to "${plan.title}".`,
    `Your cluster is removed after ${momentText(timeline.teardown, plan.timeZone)}, with every file that is only ` +
      'on it. Your work in ~/workshop stays: it is the folder "claude-workshop" in your home folder of the ' +
      `workspace (${plan.workspace}). ` +
      `${runsInTheirName(plan) ? 'Before we remove a cluster that is awake, what' : 'What'} lies elsewhere in its ` +
      'home folder is copied to "saved-from-cluster" in ' +
      `there${runsInTheirName(plan) ? '' : ' when a terminal of yours ends'}. Left out are virtual environments, ` +
      'packages and caches, files above 50 MB, and whatever keys may be in. To be sure, type save-work on your ' +
      'cluster before then: it says what it left out, and you can copy that yourself.',
    `Please ${whereToAnswer(plan)} in a few lines: What worked? What held you up? What would you build next?`,
  ]);
}

/** A form of the web, a mail that is begun already, or a person. */
function whereToAnswer({ feedback: place, title, contacts: { leadFacilitator } }: LetterPlan): string {
  if (place === undefined) return `tell ${leadFacilitator.name} (${leadFacilitator.contact})`;
  return place.startsWith('https://')
    ? `answer here:\n     ${place}\n  `
    : `write to ${place} (mailto:${place}?subject=${encodeURIComponent(`How it was: ${title}`)})`;
}

/** Of every letter that leads to a cluster. */
export const onYourCluster = (plan: LetterPlan): string[] => [
  whereWorkIs(plan),
  ...(runsInTheirName(plan) ? [inYourName(plan)] : []),
];

const whereWorkIs = (plan: LetterPlan): string =>
  'Where your work is: keep it in ~/workshop, where every terminal and every window of VS Code begins. ' +
  `That folder lies in the workspace
("claude-workshop" in your home folder there) and stays when your cluster sleeps, is replaced or removed. ` +
  `Everything else on a cluster
is on its own disk, which is erased whenever it stops, also when it falls asleep because nobody used it. ` +
  `What lies elsewhere in your
home folder is copied to ~/workshop/saved-from-cluster when a terminal of yours ends` +
  `${runsInTheirName(plan) ? ', before we remove a cluster that is awake,' : ''} and
whenever you type "save-work"; not just before it falls asleep.`;

/** Whoever finds runs of theirs that they never started should know them. */
const inYourName = ({ databricksCli }: LetterPlan): string =>
  'What we run in your name: a job called "workshop check", on your own cluster, before the day and just before ' +
  `the start. It runs check-claude
to see that everything works` +
  (databricksCli?.version === undefined ? '' : ', and gets the Databricks CLI ready for your first connection') +
  `. Before your cluster is removed it copies your work as
said above. It costs you nothing, and you need not do anything.`;

/** How the command line comes onto a laptop. */
export function installCli(plan: LetterPlan): string {
  const version = plan.databricksCli?.version;
  if (version === undefined) {
    return `Install the Databricks CLI, version 0.269 or later:
     macOS    brew tap databricks/tap && brew install databricks
     Windows  winget install Databricks.DatabricksCLI
     Linux    curl -fsSL https://raw.githubusercontent.com/databricks/setup-cli/main/install.sh | sh`;
  }
  return (
    `Install the Databricks CLI, exactly version ${version}${
      runsInTheirName(plan)
        ? `: your cluster has it ready. With any other, your first connection loads two
   archives from GitHub and uploads them, which takes longer and fails behind some proxies`
        : ''
    }.
     macOS, Linux  curl -fsSL https://raw.githubusercontent.com/databricks/setup-cli/v${version}/install.sh | sudo sh
     Windows       winget install Databricks.DatabricksCLI --version ${version}
   If another version is installed already, remove it first ` +
    '(brew uninstall databricks; winget uninstall Databricks.DatabricksCLI).'
  );
}

function setupLines(plan: LetterPlan, clusterId: string): string {
  return `     ${sshSetupLine(plan, clusterId)}
   Then see that all is well (a sleeping cluster takes some minutes to wake):
     ssh ${sshAlias(plan)} check-claude
   In Visual Studio Code: "Remote-SSH: Connect to Host...", then ${sshAlias(plan)}.`;
}

export function letter(plan: LetterPlan, to: Addressee, subject: string, paragraphs: readonly string[]): Letter {
  const { leadFacilitator, databricksAdmin, networkSupport } = plan.contacts;
  const contacts = [
    ['The workshop itself', leadFacilitator],
    ['Sign-in and the workspace', databricksAdmin],
    ['Network, proxy and laptop', networkSupport],
  ] as const;
  return {
    subject,
    text:
      [
        ...(to?.name === undefined ? [] : [`Hello ${to.name},`]),
        ...paragraphs,
        ['Who helps:', ...contacts.map(([topic, who]) => `  ${topic}: ${who.name}, ${who.contact}`)].join('\n'),
        '',
      ]
        .join('\n\n')
        .trimEnd() + '\n',
  };
}

/** `Tuesday, 16 March 2027 at 09:00 (Europe/Berlin)`. */
export function momentText(at: number, timeZone: string): string {
  return `${day(at, timeZone)} at ${clock(at, timeZone)} (${timeZone})`;
}

export function spanText(from: number, to: number, timeZone: string): string {
  const end =
    day(from, timeZone) === day(to, timeZone) ? clock(to, timeZone) : `${day(to, timeZone)} at ${clock(to, timeZone)}`;
  return `${day(from, timeZone)} at ${clock(from, timeZone)} to ${end} (${timeZone})`;
}

const day = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(at);
const clock = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
