import { expect, test } from 'vitest';
import { readBounce } from '../../src/messages/bounce.ts';
import { mailId } from '../../src/messages/mail-id.ts';

const ID = mailId('run-1', 'ann@example.com-invitation', 0);

/** As mail servers write it (RFC 3464): words for a person, the report, and the head of the mail. */
const report = (fields: string, of = `Message-ID: <${ID}@corp.test>\nSubject: Please prepare`): Buffer =>
  Buffer.from(
    [
      'From: MAILER-DAEMON@corp.test',
      'To: workshops@corp.test',
      'Subject: Undelivered Mail Returned to Sender',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'Your message could not be delivered.',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.corp.test',
      '',
      'Final-Recipient: rfc822; ann@example.com',
      fields,
      '--b',
      'Content-Type: text/rfc822-headers',
      '',
      of,
      '',
      '--b--',
      '',
    ].join('\r\n'),
  );

test('says whose mail came back, and in the server’s words why', async () => {
  const said =
    'Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n    here (in reply)';
  expect(await readBounce(report(said))).toEqual({
    ids: [ID],
    is: 'failed',
    words: '550 5.1.1 no such user here (in reply)',
  });
});

test('finds it where the whole mail is returned, and where only a status is given', async () => {
  const whole = report('Action: failed\r\nStatus: 5.2.2').toString();
  const returned = whole.replace('Content-Type: text/rfc822-headers', 'Content-Type: message/rfc822');
  expect(await readBounce(Buffer.from(returned))).toEqual({
    ids: [ID],
    is: 'failed',
    words: 'The mail came back with 5.2.2.',
  });
});

test('what is only late, and what is no report, are called so', async () => {
  expect(await readBounce(report('Action: delayed\r\nStatus: 4.4.7'))).toMatchObject({ is: 'delayed', ids: [ID] });
  const holiday = `From: ann@example.com\r\nSubject: On holiday\r\nIn-Reply-To: <${ID}@corp.test>\r\n\r\nBack soon.`;
  expect(await readBounce(Buffer.from(holiday))).toMatchObject({ is: 'no bounce', ids: [ID] });
  expect(await readBounce(report('Action: failed', 'Message-ID: <else@where.test>'))).toMatchObject({ ids: [] });
});
