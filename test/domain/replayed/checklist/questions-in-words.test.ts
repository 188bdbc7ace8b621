import { expect, test } from 'vitest';
import { questionsInWords, unansweredInWords } from '../../../../src/domain/replayed/checklist/questions-in-words.ts';
import type { Item } from '../../../../src/domain/replayed/checklist/item.ts';

const item = (change: Partial<Item> & Pick<Item, 'id' | 'title'>): Item => ({
  heading: 'two weeks before',
  kind: 'sign-off',
  needs: [],
  state: 'waiting',
  ...change,
});
const proxy = item({ id: 'proxy', title: 'It works through the proxy' });
const capacity = item({ id: 'capacity', title: 'The quota is large enough', toDo: '40 vCPUs are needed.' });

test('one question is asked by its name, with what to type', () => {
  expect(questionsInWords([proxy], 'spring', false)).toEqual({
    subject: 'Please sign off: It works through the proxy',
    text: 'It works through the proxy.\n\nWhen it is so:\n  bin/workshop sign-off spring proxy --by "your name"',
  });
});

test('a title that is a question ends with its own sign', () => {
  const asked = item({ id: 'apps-allowed', title: 'May everybody create apps?' });
  expect(questionsInWords([asked], 'spring', false).text).toMatch(/^May everybody create apps\?\n/);
});

test('several are one message, numbered, each with what it wants and what to type', () => {
  const { subject, text } = questionsInWords([proxy, capacity], 'spring', true);
  expect(subject).toBe('Still open: 2 lines of the checklist');
  expect(text).toMatch(
    /^1\. It works through the proxy\.\n[^]*\n\n2\. The quota is large enough\.\n40 vCPUs are needed\./,
  );
  expect(text.match(/bin\/workshop sign-off spring (?:proxy|capacity) /g)).toHaveLength(2);
});

test('what nobody answered in time is said once for all of it', () => {
  expect(unansweredInWords([proxy], 'spring').subject).toBe('Nobody signed off: It works through the proxy');
  const { subject, text } = unansweredInWords([proxy, capacity], 'spring');
  expect(subject).toBe('Nobody signed off: 2 lines of the checklist');
  expect(text).toMatch(/^Time is up\. The workshop goes on without\.\n\n1\. It works/);
});
