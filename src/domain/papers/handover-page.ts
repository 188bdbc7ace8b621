import type { PlanInForce } from '../replayed/checklist/plan-in-force.ts';
import { takesPart, type Seat, type SeatCluster } from '../replayed/seat/seat.ts';
import { finishingByHand, removingByHand, signInByHand, type ByHand } from './handover-commands.ts';
import { troubles, type Trouble } from './handover-troubles.ts';
import { momentText, sshAlias, sshSetupLine } from './letters.ts';

/** What the page is made of. */
export interface Handover {
  readonly inForce: PlanInForce;
  readonly seats: readonly Seat[];
  /** So many cohorts did not say who is in them. */
  readonly silent: number;
  /** Epoch milliseconds. */
  readonly writtenAt: number;
}

/**
 * The page with which somebody finishes a workshop, and takes it down, when this program is gone: who has which
 * cluster, who helps, what to do about the guide's troubles, and plain `databricks` commands. Markdown, for paper too.
 * It names people, and holds no secret.
 */
export function handoverPage({ inForce, seats, silent, writtenAt }: Handover): string {
  const { plan, runId, timeline } = inForce;
  const moment = (at: number) => momentText(at, plan.timeZone);
  const present = seats.filter(takesPart).toSorted((a, b) => (a.email < b.email ? -1 : 1));
  // Also those of people who were removed: what is left of them is to be deleted with the rest.
  const clusterIds = idsOf(seats);
  const awaited = idsOf(present);
  return [
    `# Handover: ${written(plan.title)}`,
    'For the day on which the program that runs this workshop cannot be used any more: with this page and the ' +
      '`databricks` command line somebody can finish it and take it down.',
    [
      `- Written ${moment(writtenAt)}; anew with \`bin/workshop handover ${plan.id}\``,
      `- Workshop ${plan.id}, run ${runId}`,
      `- Workspace ${plan.workspace}`,
      `- From ${moment(timeline.start)} to ${moment(timeline.end)}`,
      `- Clusters and pool are to be gone after ${moment(timeline.teardown)}`,
      '- **It names people. Keep it to yourself.**',
    ].join('\n'),
    '## Who helps',
    contacts(inForce),
    `## Who has which cluster (${present.length} people, ${awaited.length} clusters)`,
    ...(silent > 0
      ? [
          `**People are missing here**: ${silent} of ${inForce.cohorts} groups did not say who is in them. Write the ` +
            'page anew, or list the clusters by their tag (below).',
        ]
      : []),
    roster(present, plan.id),
    `Every laptop calls its own cluster \`${sshAlias(plan)}\`, after this line with the id from the table:`,
    block(sshSetupLine(plan, 'CLUSTER_ID')),
    '## When something does not work',
    'Type the commands as they stand, with the id from the line of the person in place of CLUSTER_ID.',
    ...troubles(inForce).flatMap((one, n) => trouble(one, n + 1)),
    '## Finish it by hand',
    'First make sure that no worker of this program runs any more: it would start what you stop. Commands are for a ' +
      'POSIX shell (on Windows: Git Bash or WSL), with the `databricks` command line, version 0.269 or later. ' +
      `Letters that nobody has sent yet lie in \`workshops/${plan.id}/letters\` on the worker's computer.`,
    ...[signInByHand(inForce), ...finishingByHand(inForce, awaited)].flatMap(byHand),
    '## Take it down by hand',
    `After ${moment(timeline.teardown)}, in a terminal that has chosen the profile as above. The cluster policy, the ` +
      'volumes and what people have in `~/workshop` stay; they cost next to nothing.',
    ...removingByHand(inForce, clusterIds).flatMap(byHand),
  ]
    .join('\n\n')
    .concat('\n');
}

const clusterOf = ({ cluster }: Seat): SeatCluster | undefined => (cluster?.state === 'GONE' ? undefined : cluster);
const idsOf = (seats: readonly Seat[]): string[] => seats.flatMap((seat) => clusterOf(seat)?.id ?? []);

function contacts({ plan }: PlanInForce): string {
  const { leadFacilitator, databricksAdmin, networkSupport } = plan.contacts;
  const helpers = [
    ['The workshop itself', leadFacilitator],
    ['Sign-in, rights and the workspace', databricksAdmin],
    ['Network, proxy and laptops', networkSupport],
  ] as const;
  return helpers.map(([topic, who]) => `- ${topic}: ${written(who.name)}, ${written(who.contact)}`).join('\n');
}

function roster(seats: readonly Seat[], id: string): string {
  const rows = seats.map((seat) => {
    const { email, details = {} } = seat;
    const cluster = clusterOf(seat);
    return [
      written(email),
      written(details.name ?? ''),
      written(details.table ?? ''),
      ...(cluster ? [cluster.id, cluster.name, sshAlias({ id })] : ['none yet', '', '']),
      seat.state,
    ];
  });
  const heads = ['E-mail', 'Name', 'Table', 'Cluster', 'Its name', 'Alias', 'State'];
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const trouble = ({ seen, help, commands, next }: Trouble, n: number): string[] => [
  `### ${n}. ${seen}`,
  help,
  block(commands),
  next,
];

const byHand = ({ heading, why, commands }: ByHand): string[] => [`### ${heading}`, why, block(commands)];

const block = (commands: string): string => `\`\`\`sh\n${commands}\n\`\`\``;

/** Somebody else's words in one line, which is neither a mark of Markdown nor the end of a cell. */
const written = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .replaceAll(/[\\`*[\]<>|]/g, String.raw`\$&`);
