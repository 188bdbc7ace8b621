import { describe, expect, it } from 'vitest';
import { handoverPage, type Handover } from '../../../src/domain/papers/handover-page.ts';
import { examplePlan } from '../plan/example-plan.ts';
import { ann, cluster, NOW } from '../replayed/seat/sample-seats.ts';

const HOUR = 3_600_000;
const timeline = {
  twoWeeksBefore: NOW - 14 * 24 * HOUR,
  oneWeekBefore: NOW - 7 * 24 * HOUR,
  dayBefore: NOW - 24 * HOUR,
  dayOf: NOW - HOUR / 2,
  start: NOW,
  end: NOW + 4 * HOUR,
  teardown: NOW + 5 * HOUR,
};

const inForce = {
  plan: examplePlan(),
  runId: 'run-1',
  timeline,
  poolId: 'pool-1',
  people: 2,
  cohorts: 1,
};

const page = (more: Partial<Handover> = {}) =>
  handoverPage({
    inForce,
    seats: [ann({ details: { name: 'Ann', table: '4' }, cluster: cluster('TERMINATED') })],
    silent: 0,
    writtenAt: NOW - 20 * HOUR,
    ...more,
  });

const commandsOf = (text: string): string =>
  [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, it]) => it).join('\n');

describe('the handover page', () => {
  it('names everybody with their cluster and alias, who helps, and when everything is to be gone', () => {
    const { leadFacilitator, databricksAdmin, networkSupport } = inForce.plan.contacts;
    const alias = `workshop-${inForce.plan.id}`;
    expect(page()).toContain(`| ann@example.com | Ann | 4 | c1 | workshop-ann | ${alias} | enrolled |`);
    for (const { name, contact } of [leadFacilitator, databricksAdmin, networkSupport])
      expect(page()).toContain(`${name}, ${contact}`);
    expect(page()).toContain(
      '- Clusters and pool are to be gone after Tuesday, 16 March 2027 at 14:00 (Europe/Berlin)',
    );
  });

  it('has the troubles of the guide with the names of this workshop in them', () => {
    expect(page().match(/^### \d\. .*$/gm)).toHaveLength(7);
    const commands = commandsOf(page());
    expect(commands).toContain(`'{"model":"${inForce.plan.serving.model}"}'`);
    expect(commands).toContain(`'${inForce.plan.workspace}/serving-endpoints/anthropic/v1/messages'`);
    expect(commands).toContain("databricks fs cat 'dbfs:/Volumes/main/default/workshop_logs/'CLUSTER_ID/");
    expect(commands).toContain("databricks instance-pools get 'pool-1'");
  });

  it('leaves out what there is not: a pool, clusters, people who were removed', () => {
    const gone = ann({ key: 'k2', email: 'ben@example.com', takenOut: { by: 'Cy', at: NOW, left: 'still there' } });
    const { poolId: _, ...noPool } = inForce;
    expect(commandsOf(page({ inForce: noPool, seats: [ann()] }))).not.toMatch(
      /instance-pools (get|edit|delete)|for id/,
    );
    const text = page({ seats: [ann(), { ...gone, cluster: cluster('RUNNING', { id: 'c2' }) }] });
    expect(text).toContain('| ann@example.com |  |  | none yet |  |  | enrolled |');
    expect(text).not.toContain('ben@example.com');
    // What is left of them is not started, and is deleted.
    expect(commandsOf(text)).toMatch(/for id in \\\n {2}'c2'\ndo\n {2}databricks clusters permanent-delete "\$id"/);
    expect(commandsOf(text)).not.toContain('clusters start');
  });

  it('says that people are missing when a cohort is silent', () => {
    expect(page()).not.toContain('People are missing');
    expect(page({ silent: 1 })).toContain('**People are missing here**: 1 of 1 groups did not say who is in them.');
  });

  it('lets no name become a mark of its own, a cell or a command', () => {
    const name = 'Bo | `x`\n```sh\nrm -rf /\n``` <b>';
    const odd = cluster('RUNNING', { id: "c'1; $(reboot)" });
    const text = page({ seats: [ann({ details: { name }, cluster: odd })] });
    expect(text).toContain(String.raw`| Bo \| \`x\` \`\`\`sh rm -rf / \`\`\` \<b\> |`);
    expect(commandsOf(text)).not.toContain('rm -rf');
    expect(commandsOf(text)).toContain(String.raw`'c'\''1; $(reboot)'`);
  });
});
