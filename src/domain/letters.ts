import type { Plan } from './plan.ts';
import type { Timeline } from './timeline.ts';

/** A letter to one person: plain text, ready to be sent. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
}

type LetterPlan = Pick<Plan, 'id' | 'title' | 'workspace' | 'timeZone' | 'contacts'>;

/** What the person's laptop calls their cluster, and the profile it signs in with: the same in every letter, so that new lines replace old ones. */
export function sshAlias(plan: Pick<Plan, 'id'>): string {
  return `workshop-${plan.id}`;
}

/** The line that makes one's own cluster reachable under its alias. Run twice, it replaces the first. */
export function sshSetupLine(plan: Pick<Plan, 'id'>, clusterId: string): string {
  return `databricks ssh setup --profile ${sshAlias(plan)} --name ${sshAlias(plan)} --cluster ${clusterId}`;
}

/** The laptop check on macOS and Linux, with the two settings written. */
export function shellCheckLine(plan: Pick<Plan, 'id' | 'workspace'>): string {
  return `sh check.sh --workspace ${plan.workspace} --name ${sshAlias(plan)} --fix`;
}

/** The same for Windows, as one line to paste: it runs where the execution policy forbids scripts, too. */
export function powershellCheckLine(plan: Pick<Plan, 'id' | 'workspace'>): string {
  return `$env:WORKSHOP_WORKSPACE='${plan.workspace}'; $env:WORKSHOP_NAME='${sshAlias(plan)}'; $env:WORKSHOP_FIX='1'; iex (Get-Content -Raw .\\check.ps1)`;
}

/** A week before: what to install, and the person's own line where a cluster exists already. */
export function invitation({ plan, timeline, clusterId }: {
  readonly plan: LetterPlan;
  readonly timeline: Pick<Timeline, 'start' | 'end'>;
  readonly clusterId?: string;
}): Letter {
  return letter(plan, `Please prepare: ${plan.title}`, [
    `You are invited to "${plan.title}".`,
    `When: ${spanText(timeline.start, timeline.end, plan.timeZone)}`,
    `Workspace: ${plan.workspace}`,
    'Please do this before the day, on the laptop you will bring. It takes about fifteen minutes.',
    `1. Install the Databricks CLI, version 0.269 or later:
     macOS    brew tap databricks/tap && brew install databricks
     Windows  winget install Databricks.DatabricksCLI
     Linux    curl -fsSL https://raw.githubusercontent.com/databricks/setup-cli/main/install.sh | sh
   Open a new terminal and see that this prints a version: databricks --version`,
    `2. Install Visual Studio Code (https://code.visualstudio.com) and its extension Remote - SSH:
     code --install-extension ms-vscode-remote.remote-ssh
   On Windows, "ssh -V" must work too; if not, add the optional feature "OpenSSH Client".`,
    `3. Sign in. Your browser opens; use your work account:
     databricks auth login --host ${plan.workspace} --profile ${sshAlias(plan)}`,
    clusterId === undefined
      ? '4. Your own cluster does not exist yet. You get the line that connects you to it later.'
      : `4. Connect your laptop to your own cluster:\n${setupLines(plan, clusterId)}`,
    `5. See that your laptop is ready. check.sh and check.ps1 came with this letter; in the folder where you put them, type one line:
     macOS, Linux         ${shellCheckLine(plan)}
     Windows, PowerShell  ${powershellCheckLine(plan)}
   It says what is missing and what to type. It also writes two settings: ServerAliveInterval 30 for ssh, because idle connections
   drop after some minutes without it, and remote.SSH.connectTimeout 360 for VS Code, which gives up before your cluster is awake
   otherwise. If we ask you for the code at its end, send it: it names neither you nor your laptop.`,
    'If a step fails, write to us with the text of the error. Behind a company proxy that is worth trying early.',
  ]);
}

/** When a person's cluster exists, or was replaced by another: their lines, and how to forget the old machine. */
export function newCluster({ plan, clusterId, previousClusterId }: {
  readonly plan: LetterPlan;
  readonly clusterId: string;
  readonly previousClusterId?: string;
}): Letter {
  if (previousClusterId === undefined) {
    return letter(plan, `Your cluster: ${plan.title}`, ['Your own cluster is there. Connect your laptop to it:', setupLines(plan, clusterId)]);
  }
  return letter(plan, `Your new cluster: ${plan.title}`, [
    'Your cluster could not be repaired, so you have a new one. Files that were only on the old one are gone.',
    `Make your laptop forget the old one, or ssh will refuse with "Host key verification failed":
     ssh-keygen -R ${previousClusterId}
     ssh-keygen -R ${sshAlias(plan)}
   ("not found" is fine.)`,
    `Then connect to the new one. If you are asked whether to replace the old settings, say yes:\n${setupLines(plan, clusterId)}`,
  ]);
}

/** After the end: thanks, a question, and until when work can be saved. */
export function feedback({ plan, timeline }: { readonly plan: LetterPlan; readonly timeline: Pick<Timeline, 'teardown'> }): Letter {
  const { leadFacilitator } = plan.contacts;
  return letter(plan, `How was it? ${plan.title}`, [
    `Thank you for coming to "${plan.title}".`,
    `Your cluster is removed after ${momentText(timeline.teardown, plan.timeZone)}, with every file that is only on it. Copy what you want to keep to your workspace folder or a repository before then.`,
    `Please tell ${leadFacilitator.name} (${leadFacilitator.contact}) in a few lines: What worked? What held you up? What would you build next?`,
  ]);
}

function setupLines(plan: LetterPlan, clusterId: string): string {
  return `     ${sshSetupLine(plan, clusterId)}
   Then see that all is well (a sleeping cluster takes some minutes to wake):
     ssh ${sshAlias(plan)} check-claude
   In Visual Studio Code: "Remote-SSH: Connect to Host...", then ${sshAlias(plan)}.`;
}

function letter(plan: LetterPlan, subject: string, paragraphs: readonly string[]): Letter {
  const { leadFacilitator, databricksAdmin, networkSupport } = plan.contacts;
  const contacts = [
    ['The workshop itself', leadFacilitator],
    ['Sign-in and the workspace', databricksAdmin],
    ['Network, proxy and laptop', networkSupport],
  ] as const;
  return {
    subject,
    text: [...paragraphs, ['Who helps:', ...contacts.map(([topic, who]) => `  ${topic}: ${who.name}, ${who.contact}`)].join('\n'), ''].join('\n\n').trimEnd() + '\n',
  };
}

/** `Tuesday, 16 March 2027 at 09:00 (Europe/Berlin)`. */
export function momentText(at: number, timeZone: string): string {
  return `${day(at, timeZone)} at ${clock(at, timeZone)} (${timeZone})`;
}

function spanText(from: number, to: number, timeZone: string): string {
  const end = day(from, timeZone) === day(to, timeZone) ? clock(to, timeZone) : `${day(to, timeZone)} at ${clock(to, timeZone)}`;
  return `${day(from, timeZone)} at ${clock(from, timeZone)} to ${end} (${timeZone})`;
}

const day = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(at);
const clock = (at: number, timeZone: string): string => new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
