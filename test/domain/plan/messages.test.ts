import { describe, expect, it, test } from 'vitest';
import { readPlan } from '../../../src/domain/plan/plan-file.ts';
import { channelsOfLetter } from '../../../src/domain/replayed/outbox/channels.ts';
import { shortestText } from './example-plan.ts';

const read = (lines: string) => readPlan(`${shortestText}messages:\n${lines}`, 'workshop.yaml');
const problems = (lines: string) => {
  const reading = read(lines);
  return reading.ok ? [] : reading.problems.map(({ field, message }) => `${field} ${message}`);
};
const MAIL = '  mail: {host: smtp.corp.test, from: ws@corp.test}\n';

test('a plan without the section sends nothing, and one with it gets what is usual', () => {
  const without = readPlan(shortestText, 'workshop.yaml');
  expect(without.ok && without.plan).not.toHaveProperty('messages');
  const reading = read(`${MAIL}  attendees: [mail, mail]\n`);
  expect(reading.ok && reading.plan.messages).toEqual({
    language: 'en',
    mail: { host: 'smtp.corp.test', port: 587, security: 'starttls', from: 'ws@corp.test', perMinute: 60 },
    attendees: ['mail'],
    facilitators: [],
    admin: [],
  });
});

describe('refused, with what to write:', () => {
  it.each([
    ['  attendees: [mail]\n', /attendees names mail, and no mail server is given/],
    [`${MAIL}  attendees: [teams]\n`, /attendees names teams, which would show everybody's letters/],
    [
      `  letters: {ready: {text: "Subject: x\\n\\nHi {nmae}"}}\n`,
      /letters.ready.text line 3, column 4: \{nmae\} is not known/,
    ],
    [`  letters: {ready: {text: Hello}}\n`, /letters.ready.text must begin with a line like "Subject/],
    [`${MAIL}  letters: {ready: {by: [teams]}}\n`, /letters.ready.by names teams, which would show/],
    ['  letters: {ready: {by: [mail]}}\n', /letters.ready.by names mail, and no mail server is given/],
    ['  letters: {greeting: {by: [slack]}}\n', /greeting/],
    ['  letters: {save-work: {before: 20}}\n', /letters.save-work.before needs a unit/],
    [`${MAIL}  attendees: [fax]\n`, /attendees.* is not a channel; there are mail, slack, teams, webhook/],
    ['  mail: {host: smtp.corp.test, from: ws@corp.test, security: none}\n', /security may be none only for a mail/],
    ['  mail: {host: "https://smtp", from: ws@corp.test}\n', /host must be the name of a mail server/],
    ['  mail: {host: smtp.corp.test, from: nobody}\n', /from is not an email address/],
    ['  language: fr\n', /language/],
  ])('%j', (lines, words) => {
    expect(problems(lines).join('\n')).toMatch(words);
  });

  it.each(['password: secret', 'token: xoxb-1'])('a secret: %s', (line) => {
    expect(problems(`${MAIL}  ${line}\n`)).not.toEqual([]);
  });
});

test('a letter has channels and moments of its own where the plan says so', () => {
  const reading = read(`${MAIL}  attendees: [mail]\n  letters: {feedback: {by: []}, save-work: {before: 30m}}\n`);
  const messages = reading.ok ? reading.plan.messages : undefined;
  expect(messages?.letters).toEqual({ feedback: { by: [] }, 'save-work': { before: 1_800_000 } });
  expect(['invitation', 'feedback', 'save-work'].map((letter) => channelsOfLetter(messages, letter))).toEqual([
    ['mail'],
    [],
    ['mail'],
  ]);
});

test('no TLS is for a server on this computer', () => {
  expect(problems('  mail: {host: 127.0.0.1, from: ws@corp.test, security: none}\n')).toEqual([]);
});
