import { expect, it } from 'vitest';
import { logLine, workerLog } from '../../src/worker-log.ts';

const timestampNanos = 1_803_456_789_012_000_000n;
const line = (message: string, meta?: Record<string, unknown>) =>
  JSON.parse(logLine({ level: 'WARN', message, timestampNanos, ...(meta ? { meta } : {}) }));

it('is one JSON object a line, with the workshop and the seat that it is about', () => {
  const meta = { workflowId: 'workshop/spring/attendee/k3y', activityType: 'createCluster', attempt: 2, secret: 'x' };
  expect(line('Activity\nfailed', meta)).toEqual({
    time: '2027-02-24T08:13:09.012Z',
    level: 'WARN',
    message: 'Activity\nfailed',
    workshop: 'spring',
    seat: 'k3y',
    workflowId: 'workshop/spring/attendee/k3y',
    activityType: 'createCluster',
    attempt: '2',
  });
  expect(logLine({ level: 'INFO', message: 'a\nb', timestampNanos })).not.toContain('\n');
  expect(line('of a lifecycle', { workflowId: 'workshop/spring' })).toMatchObject({ workshop: 'spring' });
  expect(line('of nothing of ours', { workflowId: 'other' })).not.toHaveProperty('workshop');
});

it('holds nobody’s address, however deep an error holds it', () => {
  const error = new Error('User ann.lee+ws@example.com is not there', {
    cause: new Error('SCIM: filter userName eq "ben@example.co.uk"'),
  });
  const { error: said, message } = line('no seat for <cy@example.com>', { error });
  expect(message).toBe('no seat for <<address>>');
  expect(said).toContain('User <address> is not there');
  expect(said).toContain('because of Error: SCIM: filter userName eq "<address>"');
  expect(JSON.stringify(said)).not.toMatch(/example\.co/);
});

it('any other format is refused before the worker starts', () => {
  expect(() => workerLog({ WORKSHOP_LOG_FORMAT: 'xml' })).toThrow(
    'WORKSHOP_LOG_FORMAT is "xml", but can only be json, or text as without it.',
  );
});
