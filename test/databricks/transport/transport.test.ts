import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DatabricksError, UnreachableError } from '../../../src/databricks/workspace.ts';
import { connect, failureOf, json, serve, TOKEN } from '../stub.ts';
import { smallQuestion } from '../small-question.ts';

const CLUSTER = { cluster_id: '1', state: 'RUNNING' };

describe('a call', () => {
  it('carries the token and says who calls and how', async () => {
    const stub = await serve((_request, response) => json(response, CLUSTER));
    await connect({ host: stub.url, product: { name: 'tester', version: '1.2.3' } }).clusters.get('1');
    const [{ headers, method, url }] = stub.received as [(typeof stub.received)[0]];
    expect([method, url]).toEqual(['GET', '/api/2.1/clusters/get?cluster_id=1']);
    expect(headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(headers['user-agent']).toMatch(/^tester\/1\.2\.3 .*\bauth\/pat$/);
  });

  it('ends when the server never answers', async () => {
    const stub = await serve(() => {});
    const error = await failureOf(connect({ host: stub.url, timeouts: { headersMs: 100 } }).clusters.create({}));
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error).toMatchObject({ call: 'POST /api/2.1/clusters/create', code: 'UND_ERR_HEADERS_TIMEOUT', sent: true });
    expect(stub.received).toHaveLength(1);
  });

  it('ends when the server falls silent in the middle', async () => {
    const stub = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"cluster');
    });
    const error = await failureOf(connect({ host: stub.url, timeouts: { bodyMs: 100 } }).clusters.get('1'));
    expect(error).toMatchObject({ name: 'UnreachableError', code: 'UND_ERR_BODY_TIMEOUT' });
  });

  it('ends when the server drips for ever', async () => {
    const stub = await serve((_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(drip));
    });
    const timeouts = { connectMs: 100, headersMs: 100, bodyMs: 100 };
    expect(await failureOf(connect({ host: stub.url, timeouts }).clusters.get('1'))).toMatchObject({
      name: 'UnreachableError',
      code: 'CALL_TIMEOUT',
    });
  });

  it('is not repeated after a broken connection, and says that it may have been carried out', async () => {
    const stub = await serve((_request, _response, incoming) => incoming.socket.resetAndDestroy());
    const error = await failureOf(connect({ host: stub.url }).clusters.create({}));
    expect(error).toMatchObject({ name: 'UnreachableError', sent: true });
    expect(error.message).toContain('may have been carried out');
    expect(stub.received).toHaveLength(1);
  });

  it('says that nothing was sent when nothing listens', async () => {
    const idle = createServer();
    await new Promise<void>((ready) => {
      idle.listen(0, '127.0.0.1', ready);
    });
    const { port } = idle.address() as { port: number };
    await new Promise((closed) => {
      idle.close(closed);
    });
    expect(await failureOf(connect({ host: `http://127.0.0.1:${port}` }).clusters.get('1'))).toMatchObject({
      name: 'UnreachableError',
      code: 'ECONNREFUSED',
      sent: false,
    });
  });

  it.each([301, 302, 303, 307, 308])('takes the token nowhere else on a %i', async (status) => {
    const elsewhere = await serve((_request, response) => json(response, CLUSTER));
    const stub = await serve((_request, response) =>
      response.writeHead(status, { location: `${elsewhere.url}/x` }).end(),
    );
    expect(await failureOf(connect({ host: stub.url }).clusters.get('1'))).toMatchObject({
      name: 'DatabricksError',
      status,
      errorCode: 'REDIRECTED',
    });
    expect(elsewhere.received).toHaveLength(0);
  });

  it('takes a login page for what it is, whatever its status', async () => {
    const stub = await serve((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>Company login</title></html>'),
    );
    const error = await failureOf(connect({ host: stub.url }).clusters.create({}));
    expect(error).toMatchObject({ name: 'DatabricksError', status: 200, errorCode: 'NOT_JSON' });
    expect(error.message).toContain('Company login');
  });

  it('refuses an answer without what is relied on, and names the field', async () => {
    const stub = await serve((_request, response) => json(response, { cluster_id: '1' }));
    const error = await failureOf(connect({ host: stub.url }).clusters.get('1'));
    expect(error).toMatchObject({ name: 'DatabricksError', errorCode: 'UNEXPECTED_ANSWER' });
    expect(error.message).toContain('state:');
  });

  it('keeps fields nobody knows, takes null for missing, and keeps large ids exact', async () => {
    const stub = await serve((_request, response) => {
      response.end(
        '{"cluster_id":"1","state":"SLEEPING","policy_id":null,"spark_context_id":7368254619830155093,' +
          '"start_time":1700000000123,"note":"7368254619830155093"}',
      );
    });
    const cluster = await connect({ host: stub.url }).clusters.get('1');
    expect(cluster).toMatchObject({
      state: 'UNKNOWN',
      spark_context_id: '7368254619830155093',
      start_time: 1_700_000_000_123,
      note: '7368254619830155093',
    });
    expect(cluster.policy_id).toBeUndefined();
  });

  it('can be given up, before and during, with the reason of the one who did', async () => {
    const stub = await serve(() => {});
    const workspace = connect({ host: stub.url });
    const stop = new AbortController();
    const work = failureOf(workspace.clusters.get('1', { signal: stop.signal }));
    while (stub.received.length === 0) await new Promise((next) => setTimeout(next, 5));
    const reason = new Error('the worker is going down');
    stop.abort(reason);
    expect(await work).toBe(reason);
    expect(await failureOf(workspace.clusters.get('1', { signal: stop.signal }))).toBe(reason);
    expect(stub.received).toHaveLength(1);
  });

  it('shows no token in what goes wrong', async () => {
    const stub = await serve((request, response) =>
      json(response, { error_code: 'BAD', message: `you sent ${request.headers.authorization}` }, 400),
    );
    const error = await failureOf(connect({ host: stub.url }).clusters.get('1'));
    expect(JSON.stringify([error.message, error.stack, error])).not.toContain(TOKEN);
    expect(error).toBeInstanceOf(DatabricksError);
  });
});

describe('a 429', () => {
  it('is reported with its delay, is not repeated, and holds up everyone else', async () => {
    const times: number[] = [];
    const stub = await serve((_request, response) => {
      times.push(performance.now());
      if (times.length > 1) return json(response, CLUSTER);
      return json(response, { error_code: 'REQUEST_LIMIT_EXCEEDED', message: 'too many' }, 429, { 'retry-after': '1' });
    });
    const workspace = connect({ host: stub.url });
    const other = connect({ host: stub.url });
    expect(await failureOf(workspace.clusters.delete('1'))).toMatchObject({
      status: 429,
      errorCode: 'REQUEST_LIMIT_EXCEEDED',
      retryAfterMs: 1_000,
    });
    expect(stub.received).toHaveLength(1);
    await other.clusters.get('1');
    const [first = 0, second = 0] = times;
    expect(second - first).toBeGreaterThan(980);
  });

  it('of a launch holds up other launches, and nobody who looks', async () => {
    const stub = await serve((request, response) =>
      request.method === 'POST'
        ? json(response, { error_code: 'REQUEST_LIMIT_EXCEEDED' }, 429, { 'retry-after': '60' })
        : json(response, CLUSTER),
    );
    const workspace = connect({ host: stub.url, launchTurnMs: 30_000 });
    expect(await failureOf(workspace.clusters.create({}))).toMatchObject({ status: 429, retryAfterMs: 60_000 });
    expect(await failureOf(workspace.clusters.start('1'))).toMatchObject({ status: 429, errorCode: 'PAUSED' });
    expect((await workspace.clusters.get('1')).state).toBe('RUNNING');
    expect(stub.received.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  it('of a model holds up nobody', async () => {
    const stub = await serve((request, response) =>
      request.method === 'POST'
        ? json(response, { error_code: 'REQUEST_LIMIT_EXCEEDED' }, 429, { 'retry-after': '3600' })
        : json(response, CLUSTER),
    );
    const workspace = connect({ host: stub.url });
    expect(await workspace.servingEndpoints.claude(smallQuestion('m', 'hello'))).toMatchObject({
      status: 429,
      retryAfterMs: 3_600_000,
    });
    expect((await workspace.clusters.get('1')).state).toBe('RUNNING');
  });
});
