import { expect, it } from 'vitest';
import { planFiles, workshop } from '../cli/run-cli.ts';
import { attributesOf, kindOfError, withoutAddresses } from '../../src/traces/attributes.ts';
import { tracesWanted } from '../../src/traces/wanted.ts';
import { routeOf } from '../../src/traces/worker-spans.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

it.each<[Record<string, string>, boolean]>([
  [{}, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
  [ENDPOINT, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' }, true],
  [{ OTEL_TRACES_EXPORTER: 'otlp' }, true],
  [{ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, false],
  [{ ...ENDPOINT, OTEL_SDK_DISABLED: 'true' }, false],
  [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }, true],
  [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf' }, true],
])('%j: %s', (env, wanted) => {
  expect(tracesWanted(env, expect.unreachable)).toBe(wanted);
});

it.each([
  [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER is "zipkin", and here it can only be otlp or none.'],
  [
    { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    'OTEL_EXPORTER_OTLP_PROTOCOL is "grpc", and here it can only be http/protobuf.',
  ],
])('says what it cannot do, and goes on without: %j', (env, words) => {
  const said: string[] = [];
  expect(tracesWanted(env, (each) => said.push(each))).toBe(false);
  expect(said).toEqual([`No traces are sent: ${words}`]);
});

it('names workshop and seat of a workflow', () => {
  expect(attributesOf('workshop/spring/attendee/0a1b', 'r')).toEqual({
    workshop: 'spring',
    seat: '0a1b',
    'temporal.workflow.id': 'workshop/spring/attendee/0a1b',
    'temporal.run.id': 'r',
  });
  expect(attributesOf('workshop/spring')).toEqual({ workshop: 'spring', 'temporal.workflow.id': 'workshop/spring' });
});

it('says of an error which kind it is, and nothing that it says', () => {
  expect(kindOfError(Object.assign(new Error('ann@example.com is unknown'), { type: 'PERSON_UNKNOWN' }))).toBe(
    'PERSON_UNKNOWN',
  );
  expect(kindOfError(new TypeError('ann@example.com'))).toBe('TypeError');
  expect(kindOfError({ type: 'of ann@example.com' })).toBe('of <address>');
  expect(withoutAddresses('/Users/ann@example.com/x')).toBe('/Users/<address>/x');
});

it.each([
  ['/api/2.1/clusters/create', '/api/2.1/clusters/create'],
  ['/api/2.1/clusters/get?cluster_id=0101-abc', '/api/2.1/clusters/get'],
  ['/api/2.0/permissions/clusters/0101-123456-abc', '/api/2.0/permissions/clusters/*'],
  ['/api/2.0/preview/scim/v2/Users/4711', '/api/2.0/preview/scim/v2/Users'],
  ['/Workspace/Users/ann%40example.com/notes', '/Workspace/Users/<address>/notes'],
])('of the path %s only %s', (path, route) => {
  expect(routeOf(path)).toBe(route);
});

it('a command does the same where the collector is away', async () => {
  const plan = planFiles();
  const without = await workshop(['cost', plan]);
  expect(without.code).toBe(0);
  expect(await workshop(['cost', plan], { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })).toEqual(without);
});
