import { expect, test } from 'vitest';
import { LETTER_NAMES } from '../../../src/domain/messages/letter-names.ts';
import { whoGetsWhat } from '../../../src/domain/plan/who-gets-what.ts';
import { examplePlan } from './example-plan.ts';

const { contacts } = examplePlan();
const MAIL = { host: 'smtp.corp.test', port: 587, security: 'starttls', from: 'ws@corp.test', perMinute: 60 } as const;
const BY_MAIL = { language: 'en', mail: MAIL, attendees: ['mail'], facilitators: ['mail'], admin: [] } as const;
const said = (change: object) =>
  whoGetsWhat({ contacts, messages: { ...structuredClone(BY_MAIL), ...change } as never }).join('\n');

test('every letter is named, when it leaves and for whom', () => {
  const letters = said({})
    .split('\n')
    .filter((line) => line.startsWith('    '));
  expect(letters).toHaveLength(LETTER_NAMES.length);
  expect(letters[0]).toBe('    one week before: the invitation, with a calendar entry');
  expect(said({})).toMatch(/^attendees: by mail$/m);
});

test('what goes otherwise than the rest says so, at its own moment', () => {
  const letters = {
    'not-connected': { by: ['slack'], after: 300_000 },
    'save-work': { before: 1_200_000 },
    feedback: { by: [] },
    ready: { by: [] },
  };
  expect(said({ letters })).toMatch(/^ {4}5 min after Setup: .*\(by slack\)$/m);
  expect(said({ letters })).toMatch(/^ {4}20 min before the end: save your work$/m);
  expect(said({ letters })).toMatch(
    /after the end: .*\(by no channel: files in the worker's folder, and you send them\)$/m,
  );
  expect(said({ letters })).toMatch(/when it begins: .*\(not written: no channel\)$/m);
});

test('where the pages are that letters lead to, and whose key that takes', () => {
  expect(said({})).not.toContain('own page');
  const web = { url: 'https://room.corp.test', generation: 1 };
  expect(whoGetsWhat({ contacts, web }).join('\n')).toMatch(
    /own page at https:\/\/room\.corp\.test, .*WORKSHOP_LINK_KEY/,
  );
});

test('without channels nothing is said to be sent, and helpers stand beside the facilitator', () => {
  const lines = whoGetsWhat({
    contacts: { ...contacts, helpers: [{ name: 'Cy', contact: 'cy@example.com' }] },
  }).join('\n');
  expect(lines).toMatch(/^attendees: by no channel/m);
  expect(lines).toContain(`facilitators (${contacts.leadFacilitator.contact}, cy@example.com): alarms`);
  expect(lines.match(/not written: no channel/g)).toHaveLength(4);
});
