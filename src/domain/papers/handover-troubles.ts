import { INIT_LOG } from '../logs/init-log.ts';
import type { PlanInForce } from '../replayed/checklist/plan-in-force.ts';
import { gatewayOf } from '../replayed/made/claude-settings.ts';
import { forAShell } from '../replayed/made/for-a-shell.ts';
import { poolCapacity } from '../replayed/made/pool-spec.ts';
import { volumePath } from '../replayed/made/volume-path.ts';
import { sshAlias } from './letters.ts';

/** A trouble of the room, and what is typed against it. In commands, CLUSTER_ID is that of the person's line. */
export interface Trouble {
  readonly seen: string;
  readonly help: string;
  readonly commands: string;
  /** What to think of what the commands say, and whom to ask. */
  readonly next: string;
}

/** The facilitator guide's troubles, for this workshop: its names, its endpoint, its contacts. */
export function troubles({ plan, poolId, people }: PlanInForce): Trouble[] {
  const alias = sshAlias(plan);
  const { databricksAdmin, networkSupport } = plan.contacts;
  const model = plan.serving.model;
  const messages = `${plan.workspace}/${gatewayOf(plan)}/anthropic/v1/messages`;
  return [
    {
      seen: '"databricks: command not found", on a laptop',
      help: 'It is not installed, or the terminal is older than the installation: open a new one first.',
      commands: `# ${installCli(plan).replaceAll('\n', '\n# ')}\ndatabricks --version`,
      next: 'A version is printed: go on with the lines of the letter.',
    },
    {
      seen: 'ssh does not reach the cluster',
      help:
        'Mostly the sign-in, or a line for another cluster. A cluster that sleeps takes minutes to wake; VS Code ' +
        'gives up earlier unless `remote.SSH.connectTimeout` is 360.',
      commands:
        `databricks auth describe --profile ${alias}\n` +
        `databricks auth login --host ${forAShell(plan.workspace)} --profile ${alias}\n` +
        `databricks ssh setup --profile ${alias} --name ${alias} --cluster CLUSTER_ID\n` +
        `ssh -v ${alias}`,
      next:
        `The workspace must be ${plan.workspace}. Where the last line of \`ssh -v\` is a wait, a proxy holds the ` +
        `connection up: ${networkSupport.name}, ${networkSupport.contact}.`,
    },
    {
      seen: '"claude: command not found", on the cluster',
      help: 'The shell is older than the installation, or the init script failed.',
      commands:
        'source ~/.bashrc\ncheck-claude\ncat /tmp/init-script-claude.log\n' +
        '# the same log, from a terminal that is signed in as below:\n' +
        `databricks fs cat ${forAShell(`dbfs:${volumePath(plan.unityCatalog.logs)}/`)}CLUSTER_ID/${INIT_LOG}`,
      next:
        'check-claude says what is missing. A restart (`databricks clusters restart CLUSTER_ID`) runs the script ' +
        'again, and erases what is not in `~/workshop`.',
    },
    {
      seen: 'Claude Code says that it is not signed in, or 401 or 403',
      help: "It uses the token of the person's own session, which grows old. On the cluster:",
      commands: 'claude-token-status\nclaude-refresh-token\nclaude-debug',
      next:
        'If the token is still refused, close every window that is connected and connect again: that begins a ' +
        `session with a new one. For 403 ask ${databricksAdmin.name}, ${databricksAdmin.contact}: the person needs ` +
        `CAN_QUERY on ${model}.`,
    },
    {
      seen: 'The model does not answer',
      help: 'On the cluster, where Claude Code asks; without a question, so it costs nothing:',
      commands:
        'curl -s -o /dev/null -w \'%{http_code}\\n\' -X POST -H "Authorization: Bearer $DATABRICKS_TOKEN" \\\n' +
        `  -H 'Content-Type: application/json' -d ${forAShell(JSON.stringify({ model }))} \\\n` +
        `  ${forAShell(messages)}\n` +
        '# from a terminal that is signed in as below:\n' +
        `databricks serving-endpoints get ${forAShell(model)}`,
      next:
        '200 or 400: it answers, look at the token. 403: no right to it. 404: no endpoint of that name. 429: the ' +
        "workspace's limit is used up; wait a minute, and have fewer people ask at once. Nothing at all: the network.",
    },
    {
      seen: 'A cluster does not start',
      help: 'The workspace says why, in its own words:',
      commands: [
        'databricks clusters get CLUSTER_ID',
        'databricks clusters events CLUSTER_ID',
        ...(poolId === undefined ? [] : [`databricks instance-pools get ${forAShell(poolId)}`]),
        `databricks cluster-policies list`,
      ].join('\n'),
      next:
        (poolId === undefined
          ? ''
          : `The pool holds ${poolCapacity(plan, people)} machines at most: fewer must be in use (\`stats\`). `) +
        `The policy is "${plan.compute.policy}". Quota: one ${plan.compute.nodeType} for each of ${people} people` +
        (plan.compute.fallbackNodeTypes.length === 0
          ? '. '
          : `; where the cloud has no more of them, ${plan.compute.fallbackNodeTypes.join(' or ')} will do. `) +
        `Then ask ${databricksAdmin.name}, ${databricksAdmin.contact}.`,
    },
    {
      seen: '"Host key verification failed", on a laptop',
      help: 'The person has another cluster than before, and the laptop remembers the old one.',
      commands:
        `ssh-keygen -R ${alias}\nssh-keygen -R CLUSTER_ID\n` +
        `databricks ssh setup --profile ${alias} --name ${alias} --cluster CLUSTER_ID`,
      next: '"not found" is fine. The second line is for the id of the old cluster, the third for that of the new one.',
    },
  ];
}

/** How the command line comes onto a laptop. */
function installCli(plan: PlanInForce['plan']): string {
  const version = plan.databricksCli?.version;
  if (version === undefined) {
    return `Install the Databricks CLI, version 0.269 or later:
     macOS    brew tap databricks/tap && brew install databricks
     Windows  winget install Databricks.DatabricksCLI
     Linux    curl -fsSL https://raw.githubusercontent.com/databricks/setup-cli/main/install.sh | sh`;
  }
  return (
    `Install the Databricks CLI, exactly version ${version}${
      plan.verifyAs !== 'events'
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
