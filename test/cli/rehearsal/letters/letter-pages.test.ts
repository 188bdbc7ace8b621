import { describe, expect, it } from 'vitest';
import type { MessagePlan } from '../../../../src/domain/plan/fields/messages.ts';
import { smtp } from '../../../../src/messages/channels/smtp.ts';
import { ask, postOffice, sendMails } from './read-pages.ts';

const plan: MessagePlan = {
  language: 'en',
  mail: { host: '127.0.0.1', port: 1, security: 'none', from: 'workshop@example.com', perMinute: 6_000 },
  attendees: ['mail'],
  facilitators: [],
  admin: [],
};

const invitation = (to: string) => ({ to, subject: 'Please prepare: Grüße', text: `Hello ${to}.` });

describe('the list of letters', () => {
  it('says so when no letter was sent yet', async () => {
    const { status, headers, body } = await ask(await postOffice(), '/');
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'text/html; charset=utf-8' });
    expect(body).toContain('No letter was sent yet');
  });

  it('shows letters with the same subject as one row that opens, and the newest row last', async () => {
    const office = await postOffice();
    const people = Array.from({ length: 12 }, (_, n) => `p${n}@example.com`);
    await sendMails(
      office,
      invitation('early@example.com'),
      { to: 'admin@example.com', subject: 'For the admin', text: 'Please.' },
      ...people.map(invitation),
      { to: 'lead@example.com', text: 'Of nothing.' },
    );
    const { body } = await ask(office, '/');
    expect(body).toContain('15 letters');
    expect(body.match(/<details>/g)).toHaveLength(1);
    expect(body).toMatch(/Please prepare: Grüße <b class="count">13<\/b>/);
    expect(body).toContain('early@example.com and 12 others');
    const at = ['For the admin', 'Please prepare', '(no subject)'].map((subject) => body.indexOf(subject));
    expect(at).toEqual(at.toSorted((one, other) => one - other));
    for (const address of people) expect(body).toContain(`>${address}</a>`);
  });

  it('does not count somebody twice who got the same twice', async () => {
    const office = await postOffice();
    await sendMails(office, invitation('ann@example.com'), invitation('ann@example.com'));
    const { body } = await ask(office, '/');
    expect(body).toContain('<span>ann@example.com</span>');
    expect(office.received().mails).toHaveLength(2);
  });

  it('says of messages by other channels that they came, and does not show them', async () => {
    const office = await postOffice();
    await fetch(office.env['WORKSHOP_TEAMS_WEBHOOK'] ?? '', { method: 'POST', body: '{"secret": 1}' });
    const { body } = await ask(office, '/');
    expect(body).toContain('1 message came by Slack, Teams or a webhook');
    expect(body).not.toContain('secret');
  });

  it('has everything that went to six hundred people', async () => {
    const office = await postOffice();
    const people = Array.from({ length: 600 }, (_, n) => `p${n}@example.com`);
    await sendMails(office, ...people.map(invitation));
    expect((await ask(office, '/')).body).toContain('<b class="count">600</b>');
    expect((await ask(office, '/letters/600')).body).toContain('Hello p599@example.com.');
    expect(office.received().mails).toHaveLength(600);
  });
});

describe('a letter', () => {
  it('of the product is shown as HTML and as text, with its entry for the calendar once', async () => {
    const office = await postOffice();
    const calendar = 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Grüße\r\nEND:VCALENDAR\r\n';
    const outcome = await smtp(office.env)(
      {
        to: 'ann@example.com',
        subject: 'Please prepare: Grüße',
        text: 'Hello Ann,\n\n    bash check.sh\n',
        html: '<p>Hello <b>Ann</b></p>',
        calendar: { method: 'REQUEST', text: calendar },
        attachments: [{ name: 'check.sh', bytes: Buffer.from('echo hello\n') }],
        id: 'abc123',
        title: 'Spring',
      },
      plan,
      async () => {},
    );
    expect(outcome).toMatchObject({ is: 'accepted' });

    const { body } = await ask(office, '/letters/1');
    expect(body).toContain('<h1>Please prepare: Grüße</h1>');
    expect(body).toContain('Spring &#60;workshop@example.com&#62;');
    expect(body).toContain('Hello Ann,\n\n    bash check.sh\n');
    expect(body).toMatch(/<iframe\s+sandbox(="")?\s+src="\/letters\/1\/html"/);
    expect(body.match(/href="\/letters\/1\/attachments\/\d+"/g)).toHaveLength(2);

    const shown = await ask(office, '/letters/1/html');
    expect(shown.body).toContain('<p>Hello <b>Ann</b></p>');
    const entry = await ask(office, '/letters/1/attachments/0');
    expect(entry.body).toBe(calendar);
    expect(entry.headers).toMatchObject({
      'content-type': 'text/calendar; charset=utf-8; method=REQUEST',
      'content-disposition': "attachment; filename*=UTF-8''workshop.ics",
    });
    expect((await ask(office, '/letters/1/attachments/1')).body).toBe('echo hello\n');
    expect(office.received().mails).toEqual([{ id: '<abc123@example.com>', to: 'ann@example.com' }]);
  });

  it('without HTML is shown as its text alone', async () => {
    const office = await postOffice();
    await sendMails(office, { to: 'ann@example.com', subject: 'Plain', text: 'Only words.' });
    const { body } = await ask(office, '/letters/1');
    expect(body).toContain('Only words.');
    expect(body).not.toContain('<iframe');
    expect((await ask(office, '/letters/1/html')).status).toBe(404);
  });

  it('puts no markup into any page, and what it has of its own can do nothing', async () => {
    const office = await postOffice();
    const evil = `"'></pre></title><script>alert(1)</script>`;
    await sendMails(
      office,
      ...Array.from({ length: 2 }, () => ({
        from: { name: evil, address: 'eve@example.com' },
        to: { name: evil, address: "o'brien&co@example.com" },
        subject: evil,
        text: evil,
        html: evil,
        attachments: [{ filename: `../../${evil}\r\nX-Evil: 1`, content: evil, contentType: 'text/html' }],
      })),
    );
    for (const path of ['/', '/letters/1', '/letters/2']) {
      const { status, headers, body } = await ask(office, path);
      expect({ path, status }).toEqual({ path, status: 200 });
      expect(body).toContain('&#60;script&#62;');
      expect(body).toContain('o&#39;brien&#38;co@example.com');
      expect(body).not.toMatch(/<script|<\/pre>\s*<\/title>/i);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self'; frame-src 'self';/);
    }
    const shown = await ask(office, '/letters/1/html');
    expect(shown.body).toContain('<script>');
    expect(shown.headers['content-security-policy']).toMatch(/^default-src 'none';.*; sandbox$/);
    const file = await ask(office, '/letters/1/attachments/0');
    expect(file.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
    });
    expect(file.headers).not.toHaveProperty('x-evil');
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename\*=UTF-8''[\w.%-]+$/);
  });
});
