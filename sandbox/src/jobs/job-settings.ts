import { z } from 'zod';
import { text } from '../http/request-body.ts';
import { accessControl } from './request-fields.ts';
import { runAsBody } from './run-as.ts';
import { MOST_TASKS, taskSpec } from './task-spec.ts';

const fields = z.looseObject({
  name: text.max(4_096).optional(),
  description: text.max(27_700).optional(),
  tasks: z.array(taskSpec).max(MOST_TASKS).optional(),
  parameters: z.array(z.object({ name: text.regex(/^[\w.-]{1,200}$/), default: text })).optional(),
  timeout_seconds: z.int().min(0).optional(),
  max_concurrent_runs: z.int().min(0).max(1_000).optional(),
  run_as: runAsBody.optional(),
});

export type JobSettings = z.output<typeof fields>;

/** jobs/create takes an access control list among the settings. */
export const createBody = fields.extend({ access_control_list: accessControl });
export const jobSettings = fields;

/** What a real workspace adds to settings that leave it open. */
export const withDefaults = ({ tasks = [], ...settings }: JobSettings): JobSettings => ({
  name: 'Untitled',
  email_notifications: {},
  webhook_notifications: {},
  timeout_seconds: 0,
  max_concurrent_runs: 1,
  format: 'MULTI_TASK',
  ...settings,
  ...(tasks.length === 0
    ? {}
    : { tasks: tasks.map((task) => ({ email_notifications: {}, ...task, run_if: task.run_if ?? 'ALL_SUCCESS' })) }),
});

/** jobs/update: named fields replace the old ones, tasks one by one by their key, and what is to be removed goes. */
export function updated(old: JobSettings, given: JobSettings, toRemove: readonly string[]): JobSettings {
  const { tasks: newTasks = [], ...rest } = given;
  const replaced = new Set(newTasks.map(({ task_key }) => task_key));
  const tasks = [...(old.tasks ?? []).filter(({ task_key }) => !replaced.has(task_key)), ...newTasks];
  const whole: JobSettings = { ...old, ...rest, tasks };
  for (const path of toRemove) {
    const [field = '', key] = path.split('/');
    if (field === 'tasks' && key !== undefined)
      whole.tasks = (whole.tasks ?? []).filter(({ task_key }) => task_key !== key);
    else Reflect.deleteProperty(whole, field);
  }
  return withDefaults(whole);
}
