import { Config, type ConfigOptions } from '@databricks/sdk-experimental';
import { request, type Dispatcher } from 'undici';
import { errorFromAnswer } from '../transport/error-answers.ts';
import { ConnectError } from '../transport/errors.ts';
import { unreachable } from '../transport/network.ts';

const RESOURCE_ID = new RegExp(
  String.raw`^/subscriptions/[0-9a-f-]{36}/resourcegroups/[\w.()-]{1,90}` +
    String.raw`/providers/microsoft\.databricks/workspaces/[\w-]{1,64}$`,
  'i',
);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type TokenFetch = (
  url: string | URL,
  init?: { method?: string; headers?: ConstructorParameters<typeof Headers>[0]; body?: string },
) => Promise<unknown>;

/** One life of the SDK's Config: it cannot forget a token it has, so a refused token needs a new one. */
export interface SignIn {
  /** Fetches or reuses a token. Throws the network's or server's own error, not the SDK's wrapping of it. */
  authenticate(): Promise<[string, string][]>;
  readonly authType: string;
  /** Everything that must not be seen, for redaction. */
  secrets(): string[];
}

/**
 * Signs in with the SDK's Config, its discovery and token calls sent through our own connections
 * (docs/facts/sdk.md section 3). Config is never subclassed: its attributes hang on the exact prototype.
 */
export function signInWith(options: ConfigOptions, connections: Dispatcher): SignIn {
  let failure: Error | undefined;
  const remember = (error: Error) => {
    failure = error;
    throw error;
  };

  const fetchToken: TokenFetch = async (url, init = {}) => {
    const target = new URL(url);
    const call = `${init.method ?? 'GET'} ${target.pathname}`;
    if (target.protocol !== 'https:' && options.host?.startsWith('https:')) {
      return remember(
        new ConnectError(
          `${call}: the workspace wants the sign-in sent unencrypted to ${target.host}; nothing was sent.`,
        ),
      );
    }
    let status: number, body: string, headers: Dispatcher.ResponseData['headers'];
    try {
      const answer = await request(target, {
        dispatcher: connections,
        method: init.method ?? 'GET',
        headers: Object.fromEntries(new Headers(init.headers)),
        body: init.body ?? null,
      });
      [status, headers, body] = [answer.statusCode, answer.headers, await answer.body.text()];
    } catch (error) {
      return remember(unreachable(call, error));
    }
    if (status < 200 || status > 299) {
      return remember(errorFromAnswer(call, status, (name) => [headers[name]].flat()[0], body, secretsOf(config)));
    }
    return {
      status: 200,
      ok: true,
      headers: new Headers(),
      text: async () => body,
      json: async () => JSON.parse(body) as unknown,
    };
  };

  const config = new Config({ ...options, fetch: fetchToken as unknown as Config['fetch'] });
  config.getOidcEndpoints = async () => {
    const endpoints = await Config.prototype.getOidcEndpoints.call(config);
    if (endpoints) {
      const stock = endpoints.getClient.bind(endpoints);
      endpoints.getClient = (client) => Object.assign(stock(client), { fetch: fetchToken });
    }
    return endpoints;
  };

  return {
    get authType() {
      return config.authType ?? 'unknown';
    },
    secrets: () => secretsOf(config),
    async authenticate() {
      failure = undefined;
      const headers = new Headers();
      try {
        await config.ensureResolved();
        refuseShellInjection(config);
        await config.authenticate(headers);
      } catch (error) {
        throw failure ?? error;
      }
      return [...headers] as [string, string][];
    },
  };
}

/**
 * The SDK pastes both into a shell command line for `az` (docs/facts/sdk.md section 3); environment and profiles may
 * hold anything.
 */
function refuseShellInjection({ azureWorkspaceResourceId: id, azureLoginAppId: app }: Config): void {
  if (id !== undefined && !RESOURCE_ID.test(id)) {
    throw new ConnectError(
      'The Azure resource id of the workspace is not one: copy it from the Azure portal, like ' +
        '/subscriptions/…/resourceGroups/…/providers/Microsoft.Databricks/workspaces/….',
    );
  }
  if (app !== undefined && !UUID.test(app)) {
    throw new ConnectError(
      'The Azure login application id (DATABRICKS_AZURE_LOGIN_APP_ID) is not a UUID: correct it or leave it out.',
    );
  }
}

function secretsOf({
  token,
  password,
  clientSecret,
  azureClientSecret,
  googleCredentials,
  metadataServiceUrl,
}: Config): string[] {
  return [token, password, clientSecret, azureClientSecret, googleCredentials, metadataServiceUrl].filter(
    (text) => typeof text === 'string' && text !== '',
  ) as string[];
}
