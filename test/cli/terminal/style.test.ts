import { describe, expect, it } from 'vitest';
import { oneLine, styleFor } from '../../../src/cli/terminal/style.ts';

it("makes one harmless line of anybody's text", () => {
  expect(oneLine('a\nb\u001B[2Jc\t d')).toBe('a b [2Jc d');
});

describe('colours', () => {
  it('come only on a terminal, and never against NO_COLOR', () => {
    expect(styleFor({ isTTY: true }, {}).red('x')).not.toBe('x');
    expect(styleFor({ isTTY: true }, { NO_COLOR: '1' }).red('x')).toBe('x');
    expect(styleFor({ isTTY: true }, { NO_COLOR: '' }).red('x')).not.toBe('x');
    expect(styleFor({}, {}).red('x')).toBe('x');
  });
});
