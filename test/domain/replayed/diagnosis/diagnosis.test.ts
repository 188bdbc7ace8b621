import { expect, test } from 'vitest';
import { diagnoseTermination } from '../../../../src/domain/replayed/diagnosis/diagnosis.ts';
import { hungLaunch } from '../../../../src/domain/replayed/diagnosis/hung-launch.ts';

test.each([
  ['INIT_SCRIPT_FAILURE', 'init script', 'person'],
  ['GLOBAL_INIT_SCRIPT_FAILURE', 'init script', 'person'],
  ['AZURE_QUOTA_EXCEEDED_EXCEPTION', 'quota', 'other-node-type'],
  ['CLOUD_PROVIDER_RESOURCE_STOCKOUT', 'stockout', 'other-node-type'],
  ['AZURE_VNET_CONFIGURATION_FAILURE', 'network', 'person'],
  ['SUBNET_EXHAUSTED_FAILURE', 'network', 'person'],
  ['IP_EXHAUSTION_FAILURE', 'network', 'person'],
  ['INSTANCE_POOL_MAX_CAPACITY_REACHED', 'pool full', 'other-node-type'],
  ['INSTANCE_POOL_NOT_FOUND', 'pool gone', 'other-node-type'],
  ['INSTANCE_POOL_CLUSTER_FAILURE', 'pool', 'again'],
  ['AZURE_RESOURCE_PROVIDER_THROTTLING', 'throttled', 'again'],
  ['REQUEST_THROTTLED', 'throttled', 'again'],
  ['BOOTSTRAP_TIMEOUT', 'node network', 'again'],
  ['SOMETHING_NEW', 'launch', 'again'],
])('%s is %s: %s', (code, className, remedy) => {
  const diagnosis = diagnoseTermination({ code });
  expect(diagnosis).toMatchObject({ class: className, remedy });
  expect(diagnosis.cause).toContain(code);
  expect(diagnosis.toDo).not.toBe('');
});

test('the cloud’s own words are quoted, but not all of a long text', () => {
  expect(diagnoseTermination({ code: 'X', parameters: { azure_error_message: 'no cores left' } }).cause).toContain(
    'X: no cores left',
  );
  expect(diagnoseTermination({ code: 'X' }, 'y'.repeat(5_000)).cause.length).toBeLessThan(500);
});

test('a death without a reason is still said', () => {
  expect(diagnoseTermination(undefined)).toMatchObject({
    class: 'launch',
    remedy: 'again',
    cause: expect.stringContaining('UNKNOWN'),
  });
});

test('a hung launch says for how long', () => {
  expect(hungLaunch(30)).toMatchObject({
    class: 'hung',
    remedy: 'again',
    cause: expect.stringContaining('30 minutes'),
  });
});
