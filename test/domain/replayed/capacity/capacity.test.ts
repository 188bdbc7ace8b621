import { describe, expect, test } from 'vitest';
import { azureMachine } from '../../../../src/domain/replayed/made/azure-machine.ts';
import { machinesIn } from '../../../../src/domain/replayed/capacity/azure-capacity.ts';
import {
  azureCapacity,
  azureCapacityLines,
  judgeServing,
  servingDemand,
} from '../../../../src/domain/replayed/capacity/capacity.ts';
import { examplePlan } from '../../plan/example-plan.ts';

const limits = (input: number, output: number, queries: number) =>
  [
    '  # limits:\n  #   inputTokensPerMinute: 5000000\n  #   outputTokensPerMinute: 5000000\n' +
      '  #   queriesPerHour: 10000',
    `  limits:\n    inputTokensPerMinute: ${input}\n    outputTokensPerMinute: ${output}\n` +
      `    queriesPerHour: ${queries}`,
  ] as const;

describe('model serving', () => {
  test('a request reserves its whole max_tokens', () => {
    expect(servingDemand(examplePlan(), 140)).toEqual({
      requestsPerMinute: 140,
      inputTokensPerMinute: 4_200_000,
      outputTokensPerMinute: 4_480_000,
      queriesPerHour: 8_400,
    });
  });

  test('a prompt is a request for each command that it takes, and one; before commands were known, one', () => {
    const plan = examplePlan(['commandsPerPrompt: 3', 'commandsPerPrompt: 7']);
    expect(servingDemand(plan, 140).requestsPerMinute).toBe(280);
    const { commandsPerPrompt: _, ...old } = plan.serving.demand;
    const before = { ...plan, serving: { ...plan.serving, demand: old as typeof plan.serving.demand } };
    expect(servingDemand(before, 140).requestsPerMinute).toBe(35);
  });

  test('unknown without limits, and says what to look for', () => {
    const judgement = judgeServing(examplePlan(), 140);
    expect(judgement.verdict).toBe('unknown');
    expect(judgement.remedies.join(' ')).toMatch(/serving\.limits.*4,480,000 output/);
  });

  test('enough, exactly at the limit', () => {
    expect(judgeServing(examplePlan(limits(4_200_000, 4_480_000, 8_400)), 140)).toMatchObject({
      verdict: 'enough',
      remedies: [],
    });
  });

  test('short by output tokens: a smaller max_tokens helps', () => {
    const { verdict, remedies } = judgeServing(examplePlan(limits(5_000_000, 1_400_000, 10_000)), 140);
    expect(verdict).toBe('short');
    expect(remedies.join('\n')).toMatch(/Write serving\.demand\.maxTokens: 10000 or less into the plan/);
    expect(remedies.join('\n')).toContain('about 43 of 140 people');
  });

  test('what is counted is what clusters are told, and the remedy names the field that decides it', () => {
    const capped = examplePlan(limits(5_000_000, 1_400_000, 10_000), [
      '# maxOutputTokens: 16000',
      'maxOutputTokens: 16000',
    ]);
    expect(servingDemand(capped, 140).outputTokensPerMinute).toBe(140 * 16_000);
    expect(judgeServing(capped, 140).remedies.join('\n')).toContain('Write claudeCode.maxOutputTokens: 10000 or less');
  });

  test('short by requests: a smaller max_tokens does not help', () => {
    const { remedies } = judgeServing(examplePlan(limits(5_000_000, 5_000_000, 4_200)), 140);
    expect(remedies.join('\n')).toMatch(/requests an hour: 8,400 are needed, 4,200/);
    expect(remedies.join('\n')).not.toContain('CLAUDE_CODE_MAX_OUTPUT_TOKENS');
  });
});

describe('Azure', () => {
  test.each([
    ['Standard_D4ds_v5', 'Standard DDSv5 Family', 4],
    ['Standard_D4s_v5', 'Standard DSv5 Family', 4],
    ['Standard_E4ds_v4', 'Standard EDSv4 Family', 4],
    ['Standard_D8ads_v5', 'Standard DADSv5 Family', 8],
    ['Standard_D4_v3', 'Standard Dv3 Family', 4],
    ['Standard_DS3_v2', 'Standard DSv2 Family', 4],
    ['Standard_D13_v2', 'Standard Dv2 Family', 8],
    ['Standard_F8s_v2', 'Standard FSv2 Family', 8],
    ['Standard_L8s_v3', 'Standard LSv3 Family', 8],
  ])('%s', (name, family, vCpus) => {
    expect(azureMachine(name)).toEqual({ family, vCpus });
  });

  test.each(['Standard_NC4as_T4_v3', 'Standard_E16-4ds_v5', 'Standard_E104is_v5', 'Standard_DS99_v2', 'm5.xlarge', ''])(
    '%s must be looked up',
    (name) => {
      expect(azureMachine(name)).toBeUndefined();
    },
  );

  test('140 people and two guest testers, each counted once, need a /24 and 608 vCPUs', () => {
    const capacity = azureCapacity(examplePlan(), 142);
    expect(capacity).toMatchObject({ machines: 152, regionVCpus: 608, ipsPerSubnet: 152, smallestSubnet: 24 });
    expect(capacity.families.map(({ family, role, vCpus }) => [family, role, vCpus])).toEqual([
      ['Standard DDSv5 Family', 'first', 608],
      ['Standard DSv5 Family', 'fallback', 608],
      ['Standard EDSv4 Family', 'fallback', 608],
    ]);
  });

  test('subnets: five addresses are Azure’s, none is smaller than /26', () => {
    expect([26, 25, 24].map(machinesIn)).toEqual([59, 123, 251]);
    const without = examplePlan(
      ['use: true', 'use: false'],
      ['  - tester.one@example.com\n  - tester.two@example.com', '  []'],
    );
    const prefix = (people: number): number => azureCapacity(without, people).smallestSubnet;
    expect([1, 59, 60, 123, 124, 251, 252].map(prefix)).toEqual([26, 26, 25, 25, 24, 24, 23]);
  });

  test('an unknown machine is a question, not a number', () => {
    const lines = azureCapacityLines(
      azureCapacity(examplePlan(['nodeType: Standard_D4ds_v5', 'nodeType: Standard_NC4as_T4_v3']), 142),
    );
    expect(lines[0]).toContain('look up its family');
    expect(lines.join('\n')).toMatch(/Total Regional vCPUs": room for 152 machines/);
  });
});
