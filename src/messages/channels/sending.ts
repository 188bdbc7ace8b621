import type { Channel } from '../../domain/replayed/outbox/channels.ts';
import type { Group } from '../../domain/replayed/outbox/channels.ts';
import type { Send } from './channel.ts';
import { connectionsOf } from './posting.ts';
import { slack } from './slack.ts';
import { smtp } from './smtp.ts';
import { teams } from './teams.ts';
import { webhook } from './webhook.ts';

/** How a group is written to by each channel, with the secrets of an environment. */
export function sending(env: NodeJS.ProcessEnv): (channel: Channel, group: Group) => Send {
  const connections = connectionsOf(env);
  return (channel, group) =>
    ({
      mail: smtp(env),
      slack: slack(env, connections, group),
      teams: teams(env, connections),
      webhook: webhook(env, connections),
    })[channel];
}
