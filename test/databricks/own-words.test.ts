import { expect, test } from 'vitest';
import { isMessage, ownWords } from '../../src/databricks/calls/own-words.ts';

test.each([
  ['{"error_code": "X", "message": "no  such\\nthing"}', 'no such thing'],
  ['{"type": "error", "error": {"type": "x", "message": "not you"}}', 'not you'],
  ['{"error": "invalid_client"}', 'invalid_client'],
  ['<html><head><title>Sign in</title></head><body>much</body></html>', 'Sign in'],
  ['<h1>Blocked</h1><p>by policy</p>', 'Blocked by policy'],
  ['', ''],
  ['null', 'null'],
])('%s says "%s"', (text, words) => {
  expect(ownWords(text)).toBe(words);
  expect(isMessage(text)).toBe(false);
});

test('what is long is cut with a sign', () => {
  expect(ownWords('x'.repeat(301))).toBe(`${'x'.repeat(300)}…`);
});

test('an answer of a model is one', () => {
  expect(isMessage('{"type": "message", "content": []}')).toBe(true);
  expect(isMessage('{"type": "message"}')).toBe(false);
});
