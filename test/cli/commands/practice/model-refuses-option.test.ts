import { expect, test } from 'vitest';
import { REFUSABLE } from '../../../../sandbox/index.ts';
import { WrongInput } from '../../../../src/cli/input/exit.ts';
import { modelRefuses, modelRefusesOption } from '../../../../src/cli/commands/practice/model-refuses-option.ts';

test('its help names all that a model of the sandbox can refuse', () => {
  for (const one of REFUSABLE) expect(modelRefusesOption().description).toContain(one);
});

test('what is named is refused, and what no model refuses is said', async () => {
  expect(await modelRefuses('effort, count-tokens')).toEqual(['effort', 'count-tokens']);
  expect(await modelRefuses(undefined)).toEqual([]);
  await expect(modelRefuses('effort,thoughts')).rejects.toThrow(WrongInput);
});
