import { z } from 'zod';
import { requireToReach } from '../clusters/single-user.ts';
import type { Cluster } from '../clusters/cluster-model.ts';
import type { Command, ExecutionContext } from './context-model.ts';
import { actionRoutes } from '../http/action-routes.ts';
import { ApiError, invalidParameter } from '../http/errors.ts';
import { parseJson } from '../http/request-bytes.ts';
import { queryText, readBody, text } from '../http/request-body.ts';
import { ok } from '../http/router.ts';
import type { Call, Reply, Route } from '../http/router.ts';
import type { Workspace } from '../workspace.ts';

const LARGEST_BODY = 10 * 1_048_576;

const language = text.transform((given) => given.toLowerCase());
const createBody = z.object({ clusterId: text, language: language.default('python') });
const contextBody = z.object({ clusterId: text, contextId: text });
const executeBody = contextBody.extend({ language: language.optional(), command: text });
const commandBody = contextBody.extend({ commandId: text });

/** /api/1.2/contexts and /api/1.2/commands: code on a cluster that runs, for the one it is dedicated to (facts/databricks.md section 4). */
export function commandRoutes(workspace: Workspace): Route[] {
  // Forms are taken besides JSON.
  return actionRoutes(
    workspace,
    ['/api/1.2'],
    { source: 'facts/databricks.md section 4', body: 'bytes', errors: 'api-1.2' },
    [
      ['POST', 'contexts/create', 'Opens an interpreter on a cluster', create],
      ['GET', 'contexts/status', 'Tells whether an interpreter is ready', contextStatus],
      ['POST', 'contexts/destroy', 'Ends an interpreter', destroy],
      ['POST', 'commands/execute', 'Runs code in an interpreter, after what it runs now', execute],
      ['GET', 'commands/status', 'How far a command is, and its results', commandStatus],
      ['POST', 'commands/cancel', 'Ends a command, and on a real node what its interpreter remembers', cancel],
    ],
  );
}

function create(workspace: Workspace, call: Call): Reply {
  const { clusterId, language: wanted } = readBody(createBody, bodyOf(call));
  const cluster = reached(workspace, call, clusterId);
  requirePython(wanted);
  return ok({ id: workspace.executionContexts.create(cluster, call.caller, call.at).id });
}

function contextStatus(workspace: Workspace, call: Call): Reply {
  const { id, status } = contextOf(
    workspace,
    call,
    queryText(call.query, 'clusterId'),
    queryText(call.query, 'contextId'),
  );
  return ok({ id, status });
}

function destroy(workspace: Workspace, call: Call): Reply {
  const { clusterId, contextId } = readBody(contextBody, bodyOf(call));
  const context = contextOf(workspace, call, clusterId, contextId);
  workspace.executionContexts.destroy(context, call.at);
  return ok({ id: context.id });
}

function execute(workspace: Workspace, call: Call): Reply {
  const body = readBody(executeBody, bodyOf(call));
  const context = contextOf(workspace, call, body.clusterId, body.contextId);
  requirePython(body.language ?? 'python');
  return ok({ id: workspace.executionContexts.execute(context, body.command, call.at).id });
}

function commandStatus(workspace: Workspace, call: Call): Reply {
  const context = contextOf(workspace, call, queryText(call.query, 'clusterId'), queryText(call.query, 'contextId'));
  return ok(view(workspace.executionContexts.command(context, queryText(call.query, 'commandId'))));
}

function cancel(workspace: Workspace, call: Call): Reply {
  const { clusterId, contextId, commandId } = readBody(commandBody, bodyOf(call));
  const command = workspace.executionContexts.command(contextOf(workspace, call, clusterId, contextId), commandId);
  workspace.executionContexts.cancel(command, call.at);
  return ok({ id: command.id });
}

const view = ({ id, status, results }: Command): unknown => ({ id, status, results: results ?? null });

function contextOf(workspace: Workspace, call: Call, clusterId: string, contextId: string): ExecutionContext {
  return workspace.executionContexts.get(reached(workspace, call, clusterId), contextId, call.caller);
}

function reached(workspace: Workspace, call: Call, clusterId: string): Cluster {
  const cluster = workspace.clusters.get(clusterId);
  requireToReach(workspace, cluster, call.caller);
  return cluster;
}

function requirePython(wanted: string): void {
  if (wanted === 'python') return;
  if (['sql', 'scala', 'r'].includes(wanted))
    throw invalidParameter(
      `The sandbox runs commands in python, and shell commands that begin with %sh, not in ${wanted}: there is no Spark on its nodes.`,
    );
  throw invalidParameter(`Invalid language '${wanted.slice(0, 40)}'. Supported: python, scala, sql, r.`);
}

function bodyOf({ bytes, headers }: Call): unknown {
  if (bytes.length > LARGEST_BODY)
    throw new ApiError({
      status: 413,
      errorCode: 'REQUEST_TOO_LARGE',
      message: 'The request body is larger than 10 MB, the most that is accepted here.',
    });
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  // curl sends JSON under this type too, unless it is told otherwise.
  return isForm && bytes[0] !== '{'.charCodeAt(0)
    ? Object.fromEntries(new URLSearchParams(bytes.toString()))
    : parseJson(bytes);
}
