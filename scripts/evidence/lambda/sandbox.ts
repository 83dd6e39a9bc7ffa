import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { runtimeClient } from './runtime-client.ts';
import type { PackagedFunction } from './template.ts';
import type { Watchdog } from './watchdog.ts';

/*
 * One sandbox of a function: a process that runs AWS's own runtime interface client on the unpacked function, the Runtime
 * API that it asks, and the freeze between two invocations.
 */

/** Outcome of an invocation, as whoever invoked the function sees it. */
export type Outcome =
  | { readonly kind: 'answer'; readonly value: unknown }
  | { readonly kind: 'error'; readonly detail: string }
  | { readonly kind: 'timeout'; readonly detail: string }
  | { readonly kind: 'exit'; readonly detail: string };

/** An invocation under way. */
export interface Invocation {
  /** Settles once the function has answered. */
  readonly outcome: Promise<Outcome>;
  /** Settles once the sandbox is frozen, to true, or has ended, to false. */
  readonly frozen: Promise<boolean>;
}

/** A process that takes one invocation at a time. */
export interface Sandbox {
  invoke(event: unknown): Invocation;
  stop(): Promise<void>;
}

/** Options of a sandbox. */
export interface SandboxOptions {
  readonly definition: PackagedFunction;
  /** Folder that the function's package was unpacked to. */
  readonly folder: string;
  /** Whole environment beside what Lambda itself sets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly watchdog: Watchdog;
  /** Takes what the function prints. */
  write(text: string): void;
}

/** Starts a sandbox and waits until it asks for its first invocation. @throws Error with what its start failed by */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { definition, watchdog, write } = options;
  const api = createRuntimeApi();
  const server = createServer(api.listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const child = startProcess(options, (server.address() as AddressInfo).port);
  if (child.pid !== undefined) watchdog.watch(child.pid);
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', write);
  const ended = once(child, 'exit').then(([code, signal]) => api.end(`exit code ${code}, signal ${signal}`));
  const stop = () => end(child, server, ended);
  if (!(await api.asked())) {
    await stop();
    throw new Error(`${definition.name} does not start: ${api.fault() ?? 'its process ended without a word'}`);
  }
  child.kill('SIGSTOP');
  return {
    stop,
    invoke: (event) => {
      child.kill('SIGCONT');
      const outcome = api.give(event, definition);
      const frozen = outcome.then(async ({ kind }) => {
        if (kind === 'timeout') child.kill('SIGKILL');
        const isAlive = await api.asked();
        if (isAlive) child.kill('SIGSTOP');
        else await stop();
        return isAlive;
      });
      return { outcome, frozen };
    },
  };
}

async function end(child: ChildProcess, server: Server, ended: Promise<void>): Promise<void> {
  child.kill('SIGKILL');
  await ended;
  server.closeAllConnections();
  server.close();
}

/** Source of the variables: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function startProcess({ definition, folder, environment }: SandboxOptions, port: number): ChildProcess {
  const { functionName, handler, memoryMegabytes } = definition;
  return spawn(process.execPath, ['--require', join(import.meta.dirname, 'native-client.cjs'), runtimeClient()], {
    cwd: folder,
    detached: true, // a Ctrl-C reaches it through the watchdog
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: functionName,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
      AWS_LAMBDA_LOG_STREAM_NAME: 'rehearsal',
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      LAMBDA_TASK_ROOT: folder,
      LAMBDA_RUNTIME_DIR: '/var/runtime',
      _HANDLER: handler,
      ...definition.environment,
      ...environment,
    },
  });
}

/** The Runtime API of one sandbox. Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
function createRuntimeApi() {
  let next: ServerResponse | undefined;
  let fault: string | undefined;
  let hasEnded = false;
  let onAsked: (() => void) | undefined;
  let settle: ((outcome: Outcome) => void) | undefined;
  const listener: Parameters<typeof createServer>[1] & object = async (request, response) => {
    const body = await text(request);
    const [, place] = /^\/2018-06-01\/runtime\/(.*)$/.exec(request.url ?? '') ?? [];
    if (place === 'invocation/next') {
      next = response;
      onAsked?.();
      return;
    }
    response.writeHead(202).end('{}');
    if (place === 'init/error') fault = body;
    else if (place?.endsWith('/error')) settle?.({ kind: 'error', detail: body });
    else settle?.({ kind: 'answer', value: body === '' ? null : JSON.parse(body) });
  };
  return {
    listener,
    fault: () => fault,
    /** Waits until the sandbox asks for an invocation; false if it has ended instead. */
    asked: async (): Promise<boolean> => {
      if (next === undefined && !hasEnded) {
        await new Promise<void>((resolve) => {
          onAsked = resolve;
        });
      }
      return !hasEnded;
    },
    end: (how: string): void => {
      hasEnded = true;
      fault ??= how;
      settle?.({ kind: 'exit', detail: how });
      onAsked?.();
    },
    /** Hands an event to the sandbox, which has asked for it. */
    give: (event: unknown, { arn, timeoutMs }: PackagedFunction): Promise<Outcome> =>
      new Promise((resolve) => {
        const timer = setTimeout(
          () => settle?.({ kind: 'timeout', detail: `no answer in ${timeoutMs} ms` }),
          timeoutMs,
        );
        settle = (outcome) => {
          settle = undefined;
          clearTimeout(timer);
          resolve(outcome);
        };
        if (hasEnded || next === undefined) return settle({ kind: 'exit', detail: fault ?? 'not waiting' });
        const taken = next;
        next = undefined;
        taken
          .writeHead(200, {
            'content-type': 'application/json',
            'lambda-runtime-aws-request-id': randomUUID(),
            'lambda-runtime-deadline-ms': String(Date.now() + timeoutMs),
            'lambda-runtime-invoked-function-arn': arn,
            'lambda-runtime-trace-id': `Root=1-${hexTime()}-${randomBytes(12).toString('hex')};Sampled=0`,
          })
          .end(JSON.stringify(event));
      }),
  };
}

function hexTime(): string {
  return Math.floor(Date.now() / 1_000).toString(16);
}
