import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import {
  addAttendeeInput,
  addAttendeesInput,
  cancelInput,
  retryInput,
  signOffInput,
  waiveInput,
  whyRefused,
} from '../../../../src/domain/replayed/checklist/requests.ts';

const refusal = (schema: z.ZodType, said: unknown): string => {
  const parsed = schema.safeParse(said);
  return parsed.success ? 'accepted' : whyRefused(parsed.error);
};

describe('someone added', () => {
  test('is trimmed and in lower case', () => {
    expect(addAttendeeInput.parse({ email: ' Late@Example.com ' })).toEqual({ email: 'late@example.com' });
    expect(addAttendeesInput.parse({ emails: ['A@example.com'] })).toEqual({
      emails: ['a@example.com'],
      by: 'somebody',
    });
  });

  test.each([
    [{ email: 'nobody' }, /^email: is not an email address/],
    [{}, /^email: is missing$/],
    [{ email: 7 }, /^email: must be a text$/],
    [42, /^must be an object with fields$/],
    [null, /^must be an object with fields$/],
    [undefined, /^must be an object with fields$/],
    ['unreadable payload', /^must be an object with fields$/],
    [[], /^must be an object with fields$/],
  ])('%j is refused', (said, why) => {
    expect(refusal(addAttendeeInput, said)).toMatch(why);
  });

  test('a megabyte is refused in one short sentence', () => {
    const why = refusal(addAttendeeInput, { email: 'x'.repeat(1_000_000) });
    expect(why).not.toBe('accepted');
    expect(why.length).toBeLessThanOrEqual(200);
  });

  test('what is known of them comes along, and nobody is refused for what cannot be kept', () => {
    const emails = ['a@example.com'];
    const details = { 'a@example.com': { name: 'Ann', table: '3' } };
    expect(addAttendeesInput.parse({ emails, details })).toMatchObject({ emails, details });
    expect(addAttendeesInput.parse({ emails, details: 'Ann' })).toMatchObject({ emails });
    const long = { 'a@example.com': { name: 'x'.repeat(1_000), role: 'lead' } };
    expect(addAttendeesInput.parse({ emails, details: long }).details).toEqual({ 'a@example.com': { role: 'lead' } });
  });

  test('a list names the one that is wrong, and has an end', () => {
    expect(refusal(addAttendeesInput, { emails: ['a@example.com', 'b'] })).toMatch(/^emails\.1: /);
    expect(refusal(addAttendeesInput, { emails: [] })).not.toBe('accepted');
    expect(refusal(addAttendeesInput, { emails: Array.from({ length: 501 }, (_, i) => `a${i}@example.com`) })).not.toBe(
      'accepted',
    );
  });
});

describe('what people answer', () => {
  test('a sign-off is a yes unless it says no', () => {
    expect(signOffInput.parse({ item: 'proxy' })).toEqual({ item: 'proxy', by: 'somebody', answer: 'yes' });
    expect(refusal(signOffInput, { item: 'proxy', answer: 'maybe' })).toBe('answer: must be one of: yes, no');
    expect(refusal(signOffInput, { item: 'proxy', note: 'x'.repeat(2_001) })).toBe(
      'note: has more than 2000 characters',
    );
    expect(refusal(signOffInput, { item: 'proxy', by: '' })).toBe('by: is empty');
  });

  test('a waiver needs a reason', () => {
    expect(refusal(waiveInput, { item: 'canary' })).toMatch(/^reason: /);
    expect(refusal(waiveInput, { item: 'canary', reason: 'x' })).toMatch(/^reason: /);
    expect(refusal(waiveInput, { item: 'canary', reason: 'seen by hand' })).toBe('accepted');
  });

  test('a retry without an item is for everything that failed; a cancellation needs nothing', () => {
    expect(retryInput.parse({})).toEqual({ item: 'all', by: 'somebody' });
    expect(refusal(retryInput, { item: '' })).toMatch(/^item: /);
    expect(cancelInput.parse({})).toEqual({ by: 'somebody', reason: 'no reason given' });
  });
});
