import { describe, expect, it } from 'vitest';
import { COLOURED, fit, oneLine, styleFor, widthOf } from '../../../src/cli/terminal/style.ts';

describe('widths', () => {
  it('counts columns, not signs: colours none, emoji and East Asian letters two, accents none', () => {
    expect(widthOf(COLOURED.red('abc'))).toBe(3);
    expect(widthOf('❗✔')).toBe(3);
    expect(widthOf('会議')).toBe(4);
    expect(widthOf('e\u0301')).toBe(1);
  });

  it('cuts to the columns there are, and closes the colour it cut through', () => {
    expect(fit('abcdef', 6)).toBe('abcdef');
    expect(fit('abcdef', 4)).toBe('abc…');
    expect(widthOf(fit('会議会議', 5))).toBeLessThanOrEqual(5);
    expect(fit(COLOURED.red('abcdef'), 3).endsWith('\u001B[0m')).toBe(true);
    expect(fit('abc', 0)).toBe('');
  });

  it("makes one harmless line of anybody's text", () => {
    expect(oneLine('a\nb\u001B[2Jc\t d')).toBe('a b [2Jc d');
  });
});

describe('colours', () => {
  it('come only on a terminal, and never against NO_COLOR', () => {
    expect(styleFor({ isTTY: true }, {}).red('x')).not.toBe('x');
    expect(styleFor({ isTTY: true }, { NO_COLOR: '1' }).red('x')).toBe('x');
    expect(styleFor({ isTTY: true }, { NO_COLOR: '' }).red('x')).not.toBe('x');
    expect(styleFor({}, {}).red('x')).toBe('x');
  });
});
