import { perform } from './http/perform.ts';
import type { Asked } from './http/perform.ts';
import type { Reply } from './http/router.ts';
import type { Workspace } from './workspace.ts';

/**
 * Carries a request out now, and sees to it that the books know and what changed is kept. A refused one changed
 * nothing.
 */
export function carryOut(workspace: Workspace, asked: Asked): Reply | Promise<Reply> {
  const at = workspace.advance();
  if (readsOnly(asked)) return perform(workspace, asked, at);
  workspace.mustKeep();
  const noted = (reply: Reply): Reply => {
    if ((reply.status ?? 200) < 400) {
      workspace.history.lookAfter(asked, at);
      workspace.changed();
    }
    return reply;
  };
  const reply = perform(workspace, asked, at);
  return reply instanceof Promise ? reply.then(noted) : noted(reply);
}

const readsOnly = ({ method, route }: Asked): boolean =>
  method === 'GET' || method === 'HEAD' || route.readsOnly === true;
