import type { Addressed } from '../../src/databricks/workspace.ts';

/** The shortest question that a model can be asked. */
export const smallQuestion = (model: string, prompt = 'ping'): Addressed => ({
  gateway: 'serving-endpoints',
  headers: {},
  body: { model, max_tokens: 1, messages: [{ role: 'user', content: prompt }] },
});
