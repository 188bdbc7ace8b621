import { expect, test } from 'vitest';
import { noticeActivities, type Notice } from '../../../src/activities/messages/notices.ts';
import type { Message } from '../../../src/messages/notifier.ts';

const LEAD = 'lea@example.com';
const HELPER = 'cy@example.com';
const RUN = { workshopId: 'spring', runId: 'r', workspaceId: 'w' };
const MAIL = { host: 'smtp.corp.test', port: 587, security: 'starttls', from: 'ws@corp.test', perMinute: 60 } as const;

async function told(facilitators: ('mail' | 'slack')[], also?: readonly string[]) {
  const sent: { readonly name: string; readonly message: Message }[] = [];
  const notifier = {
    deliver: async (_run: unknown, name: string, message: Message) => {
      sent.push({ name, message });
      return `letters/${name}`;
    },
  };
  const notice: Notice = {
    name: 'proxy-asked',
    message: { to: LEAD, subject: 'Please sign off', text: 'It works' },
    plan: { title: 'Spring', messages: { language: 'en', mail: MAIL, attendees: [], facilitators, admin: [] } },
    group: 'facilitators',
    ...(also ? { also } : {}),
  };
  const activities = noticeActivities({ notifier } as never);
  expect(await activities.notify(RUN, notice)).toBe('letters/proxy-asked');
  return sent.map(({ name, message: { to, by } }) => [name, to, by?.plan.facilitators]);
}

test('helpers get the same mail, once each, and nothing is posted into a channel twice', async () => {
  expect(await told(['mail', 'slack'], [HELPER, LEAD])).toEqual([
    ['proxy-asked', LEAD, ['mail', 'slack']],
    [`proxy-asked-for-${HELPER}`, HELPER, ['mail']],
  ]);
  expect(await told(['slack'], [HELPER])).toEqual([['proxy-asked', LEAD, ['slack']]]);
  expect(await told(['mail'])).toEqual([['proxy-asked', LEAD, ['mail']]]);
});
