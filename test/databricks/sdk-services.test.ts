import { compute } from '@databricks/sdk-experimental';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Authentication } from '../../src/databricks/sign-in/authentication.ts';
import { DEFAULT_TIMEOUTS, openConnections } from '../../src/databricks/transport/network.ts';
import { RequestRate } from '../../src/databricks/transport/rate.ts';
import { signInWith } from '../../src/databricks/sign-in/sign-in.ts';
import { Transport } from '../../src/databricks/transport/transport.ts';
import { failureOf, json, serve, TOKEN } from './stub.ts';

function transportTo(host: string): Transport {
  const connections = openConnections({}, DEFAULT_TIMEOUTS);
  onTestFinished(() => connections.destroy());
  const authentication = new Authentication(() =>
    signInWith({ host, token: TOKEN, authType: 'pat', env: {}, loaders: [] }, connections),
  );
  return new Transport({
    host,
    connections,
    timeouts: DEFAULT_TIMEOUTS,
    authentication,
    rate: new RequestRate(),
    product: { name: 'tester', version: '1.2.3' },
  });
}

describe('the services of the SDK', () => {
  it('run over this transport', async () => {
    const stub = await serve((_request, response) => json(response, { instance_pool_id: 'p', node_type_id: 'n' }));
    const service = new compute.InstancePoolsService(transportTo(stub.url));
    expect(await service.get({ instance_pool_id: 'p' })).toMatchObject({ node_type_id: 'n' });
    expect(stub.received[0]).toMatchObject({
      url: '/api/2.0/instance-pools/get?instance_pool_id=p',
      headers: { authorization: `Bearer ${TOKEN}` },
    });
  });

  it('keep their PATCH bodies and get our errors', async () => {
    const stub = await serve((_request, response) =>
      json(response, { error_code: 'PERMISSION_DENIED', message: 'no' }, 403),
    );
    const service = new compute.InstancePoolsService(transportTo(stub.url));
    const error = await failureOf(
      service.updatePermissions({
        instance_pool_id: 'p',
        access_control_list: [{ user_name: 'a', permission_level: 'CAN_ATTACH_TO' }],
      }),
    );
    expect(error).toMatchObject({ name: 'DatabricksError', status: 403, errorCode: 'PERMISSION_DENIED' });
    expect(String(stub.received[0]?.body)).toContain('CAN_ATTACH_TO');
  });
});
