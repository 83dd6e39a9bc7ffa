/*
 * Stands in for the compiled part of Lambda's runtime interface client, which is an HTTP client of the Runtime API: what
 * `rapid-client.node` exports, in JavaScript. A sandbox loads this file before the client; everything else of the client
 * is AWS's own.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
const { Agent, request } = require('node:http');
const Module = require('node:module');

const API = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** The compiled client returns from a post when it has arrived; here the next request waits for that. */
let posted = Promise.resolve();

function exchange(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    request(`${API}${path}`, { method, agent, headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ bodyJson: Buffer.concat(parts).toString(), headers: response.headers }));
      response.on('error', reject);
    })
      .on('error', reject)
      .end(body);
  });
}

const client = {
  next: async () => {
    await posted;
    return exchange('GET', '/next');
  },
  done: (id, body) => {
    posted = exchange('POST', `/${id}/response`, body, { 'content-type': 'application/json' });
  },
  error: (id, body, xray) => {
    const headers = { 'content-type': 'application/json', 'lambda-runtime-function-xray-error-cause': xray };
    posted = exchange('POST', `/${id}/error`, body, headers);
  },
};

const load = Module._load;
Module._load = (name, ...rest) => (name === './rapid-client.node' ? client : load.call(Module, name, ...rest));
