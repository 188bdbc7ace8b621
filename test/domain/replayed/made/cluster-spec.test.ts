import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  CLUSTER_TAGS,
  clusterName,
  clusterSpec,
  POOL_TAGS,
  sharedNames,
} from '../../../../src/domain/replayed/made/cluster-spec.ts';
import { carriedSettings } from '../../../../src/domain/replayed/made/claude-settings.ts';
import { POOL_IDLE_MINUTES, poolCapacity, poolName, poolSpec } from '../../../../src/domain/replayed/made/pool-spec.ts';
import { provisioningPolicyDefinition } from '../../../../src/domain/plan/cluster-policy.ts';
import { volumePath } from '../../../../src/domain/replayed/made/volume-path.ts';
import { examplePlan } from '../../plan/example-plan.ts';

const KEY = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';
const plan = examplePlan();
const request = {
  plan,
  runId: 'run-1',
  key: KEY,
  generation: 2,
  singleUserName: 'Ann.Example@example.com',
  policyId: 'policy-1',
  scriptPath: volumePath(plan.unityCatalog.scripts, 'run-1', 'install.sh'),
  logsPath: volumePath(plan.unityCatalog.logs, 'run-1'),
};

describe('names', () => {
  test('a plain address needs no suffix', () => {
    expect(clusterName('spring', { email: 'Ann.Example@example.com', key: KEY })).toBe(
      'claude-code-workshop-spring-ann.example',
    );
  });

  test.each(['ann+apps@example.com', "o'neill@example.com", '_x_@example.com', '+@example.com'])(
    '%s is made safe and stays unique',
    (email) => {
      expect(clusterName('spring', { email, key: KEY })).toMatch(
        /^claude-code-workshop-spring-[a-z0-9][a-z0-9._-]*-2d1e0f$/,
      );
    },
  );

  test('a long name is cut to 100 characters and keeps its suffix', () => {
    const name = clusterName('i'.repeat(40), { email: `${'a'.repeat(64)}@example.com`, key: KEY });
    expect(name).toHaveLength(100);
    expect(name).toMatch(/-2d1e0f$/);
  });

  test('two people with the same part before the @ get different names', () => {
    const shared = sharedNames(['ann@a.com', 'ann@b.com', 'bo@a.com']);
    expect([...shared]).toEqual(['ann@a.com', 'ann@b.com']);
    const names = ['ann@a.com', 'ann@b.com'].map((email, index) =>
      clusterName('s', { email, key: `00000${index}`, sharesName: shared.has(email) }),
    );
    expect(new Set(names).size).toBe(2);
  });
});

describe('a cluster', () => {
  test('in a pool sends no machine type', () => {
    expect(clusterSpec({ ...request, poolId: 'pool-1' })).toEqual({
      cluster_name: 'claude-code-workshop-spring-apps-ann.example',
      kind: 'CLASSIC_PREVIEW',
      is_single_node: true,
      data_security_mode: 'SINGLE_USER',
      single_user_name: 'Ann.Example@example.com',
      spark_version: '17.3.x-scala2.13',
      autotermination_minutes: 60,
      policy_id: 'policy-1',
      instance_pool_id: 'pool-1',
      init_scripts: [{ volumes: { destination: '/Volumes/main/default/init_scripts/run-1/install.sh' } }],
      cluster_log_conf: { volumes: { destination: '/Volumes/main/default/workshop_logs/run-1' } },
      spark_env_vars: {
        WORKSHOP_SCRIPTS: '/Volumes/main/default/init_scripts',
        WORKSHOP_LOGS: '/Volumes/main/default/workshop_logs/run-1',
        WORKSHOP_HOST: 'https://adb-1234567890123456.7.azuredatabricks.net',
        WORKSHOP_MODEL: 'databricks-claude-sonnet-4-6',
        WORKSHOP_CLAUDE_SETTINGS: carriedSettings(plan),
        WORKSHOP_ID: 'spring-apps',
        WORKSHOP_APP_LIMIT: '100',
        WORKSHOP_USER: 'Ann.Example@example.com',
        WORKSHOP_FACILITATOR: plan.contacts.leadFacilitator.contact,
        WORKSHOP_CLAUDE_VERSION: '2.1.197',
      },
      custom_tags: {
        'workshop-run': 'run-1',
        'workshop-id': 'spring-apps',
        'workshop-seat': KEY,
        'workshop-generation': '2',
      },
    });
  });

  test('without a pool is an on-demand machine, the plan’s or a fallback', () => {
    expect(clusterSpec(request)).toMatchObject({
      node_type_id: 'Standard_D4ds_v5',
      azure_attributes: { availability: 'ON_DEMAND_AZURE', first_on_demand: 1 },
    });
    expect(clusterSpec({ ...request, nodeType: 'Standard_E4ds_v4' }).node_type_id).toBe('Standard_E4ds_v4');
    expect(clusterSpec(request)).not.toHaveProperty('instance_pool_id');
    expect(clusterSpec({ ...request, nodeType: 'm5.xlarge' })).not.toHaveProperty('azure_attributes');
  });

  test('a name that would mean something to a shell does not get into the environment of a node', () => {
    const { single_user_name, spark_env_vars } = clusterSpec({ ...request, singleUserName: "d'a@example.com" });
    expect(single_user_name).toBe("d'a@example.com");
    expect(Object.keys(spark_env_vars)).not.toContain('WORKSHOP_USER');
  });

  test('carries no email in its tags', () => {
    expect(JSON.stringify(clusterSpec(request).custom_tags)).not.toContain('@');
  });
});

describe('a pool', () => {
  test('has room for everybody with a seat and the margin, and costs nothing at first', () => {
    expect(poolSpec({ plan, runId: 'run-1', people: 140 })).toEqual({
      instance_pool_name: 'claude-code-workshop-spring-apps-pool-run-1',
      node_type_id: 'Standard_D4ds_v5',
      min_idle_instances: 0,
      max_capacity: 150,
      idle_instance_autotermination_minutes: 0,
      preloaded_spark_versions: ['17.3.x-scala2.13'],
      azure_attributes: { availability: 'ON_DEMAND_AZURE' },
      custom_tags: {
        'workshop-pool-run': 'run-1',
        'workshop-pool-id': 'spring-apps',
        'workshop-pool-scripts': 'main.default.init_scripts',
      },
    });
  });

  test('never keeps more waiting than it may hold', () => {
    expect(
      poolSpec({ plan, runId: 'r', people: 3, minIdle: 999, idleMinutes: POOL_IDLE_MINUTES.gathering }),
    ).toMatchObject({ min_idle_instances: 13, max_capacity: 13, idle_instance_autotermination_minutes: 60 });
    expect(poolCapacity(examplePlan(['margin: 10', 'margin: 0'], ['spares: 5', 'spares: 7']), 10)).toBe(17);
  });

  test('shares no tag key with its clusters', () => {
    const keys = new Set<string>(Object.values(CLUSTER_TAGS));
    expect(Object.values(POOL_TAGS).filter((key) => keys.has(key))).toEqual([]);
  });

  test('two runs of one workshop have pools of different names', () => {
    expect(poolName('a', '11111111-x')).not.toBe(poolName('a', '22222222-x'));
    expect(poolName('i'.repeat(40), 'r'.repeat(40)).length).toBeLessThanOrEqual(100);
  });
});

describe('policies', () => {
  test('the provisioning policy lets every spec of this file through', () => {
    const definition = provisioningPolicyDefinition(plan);
    expect(Object.keys(definition).sort()).toEqual([
      'autotermination_minutes',
      'data_security_mode',
      'single_user_name',
    ]);
    expect(definition['autotermination_minutes']).toMatchObject({ type: 'range', minValue: 10, maxValue: 240 });
    const patient = examplePlan(['autoTerminationMinutes: 60', 'autoTerminationMinutes: 600']);
    expect(provisioningPolicyDefinition(patient)['autotermination_minutes']).toMatchObject({ maxValue: 600 });
  });

  test('the templates are what the API takes', () => {
    const template = (name: string) =>
      JSON.parse(readFileSync(new URL(`../../../../cluster-config/${name}`, import.meta.url), 'utf8')) as Record<
        string,
        unknown
      >;
    const policy = template('attendee-policy.json');
    expect(policy['max_clusters_per_user']).toBe(1);
    expect(JSON.parse(policy['definition'] as string)).toMatchObject({
      autotermination_minutes: { type: 'range', defaultValue: 60 },
    });
    const pool = template('instance-pool.json');
    expect(pool).toMatchObject({ min_idle_instances: 0, max_capacity: 150 });
    expect(JSON.stringify(pool)).not.toContain('first_on_demand');
  });
});
