import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const folder = fileURLToPath(new URL('../../deploy/monitoring', import.meta.url));
export const RULES = join(folder, 'alerts.yaml');

const rulesSchema = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          for: z.string(),
          labels: z.object({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.object({ summary: z.string(), description: z.string() }),
        }),
      ),
    }),
  ),
});
const dashboardSchema = z.looseObject({
  templating: z.looseObject({ list: z.array(z.looseObject({ name: z.string(), definition: z.string().optional() })) }),
  panels: z.array(
    z.looseObject({
      id: z.number(),
      title: z.string(),
      type: z.string(),
      targets: z.array(z.looseObject({ expr: z.string(), refId: z.string() })).optional(),
    }),
  ),
});

/** Every alert. */
export const alerts = () => rulesSchema.parse(parse(readFileSync(RULES, 'utf8'))).groups.flatMap(({ rules }) => rules);

export const dashboard = () =>
  dashboardSchema.parse(JSON.parse(readFileSync(join(folder, 'grafana-dashboard.json'), 'utf8')));

/** What dashboard and alerts ask Prometheus. */
export function expressions(): string[] {
  const { templating, panels } = dashboard();
  return [
    ...alerts().map(({ expr }) => expr),
    ...templating.list.flatMap(({ definition }) => definition ?? []),
    ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
  ];
}

/** The names of metrics in them: whatever is neither quoted nor called, and is written as one. */
export function monitoredNames(): string[] {
  const bare = expressions().map((expr) => expr.replaceAll(/"[^"]*"/g, '""'));
  return [...new Set(bare.flatMap((expr) => expr.match(/\b[a-z]+(?:_[a-z0-9]+)+\b(?!\s*\()/g) ?? []))]
    .filter((name) => !LABELS.has(name))
    .toSorted();
}

const LABELS = new Set(['activity_type', 'workflow_type', 'poller_type', 'status_code', 'task_queue']);

/** They are there once something has failed, and not before. */
export const ONLY_AFTER_FAILURES: readonly string[] = [
  'temporal_activity_execution_failed_total',
  'temporal_long_request_failure_total',
  'temporal_request_failure_total',
  'temporal_workflow_task_execution_failed_total',
];
