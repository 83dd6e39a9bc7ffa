import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../dev/engine.ts';
import { ROOT } from '../../../dev/local/settings.ts';
import { BUNDLES, OUT } from '../bundles.ts';
import { calls, type Figure } from '../figure.ts';
import { CONNECTIONS, loadAgent, purchaseRate } from '../load.ts';
import { median, ratiosOf, spreadOf } from '../statistics.ts';
import { inWorld } from '../world.ts';

/** Purchases a second over HTTP: serverless offline serves KooGate and R from one process, one engine behind both. */
export const http: Figure = (effort, say) =>
  inWorld(async ({ environment, parameters: { key } }) => {
    say('starting serverless offline');
    const gateway = await startGateway(environment);
    const agent = loadAgent();
    try {
      const each = calls(effort, 150, 30);
      const rates: Record<Path, number[]> = { produce: [], reference: [] };
      const paths = Object.keys(rates) as Path[];
      for (let round = -2; round < effort.rounds; round += 1) {
        say(`requests over HTTP, round ${round + 3} of ${effort.rounds + 2}`);
        for (const path of round % 2 === 0 ? paths : paths.toReversed()) {
          const rate = await purchaseRate(`${gateway.url}/${path}/demo`, key, each, agent);
          if (round >= 0) rates[path].push(rate);
        }
      }
      const ratio = spreadOf(ratiosOf(rates.produce, rates.reference));
      return [
        {
          figure: 'requests/s over HTTP, accepted purchases ÷ R',
          value: ratio.median,
          spread: [ratio.low, ratio.high],
          goal: { atLeast: 2 },
          ours: `${Math.round(median(rates.produce))}/s`,
          theirs: `${Math.round(median(rates.reference))}/s`,
          note: `${CONNECTIONS} connections; load, gateway and engine share the machine`,
        },
      ];
    } finally {
      agent.destroy();
      await gateway.stop();
    }
  });

type Path = 'produce' | 'reference';

async function startGateway(environment: Readonly<Record<string, string>>) {
  const folder = join(OUT, 'offline');
  mkdirSync(folder, { recursive: true });
  for (const path of ['produce', 'reference'] as const) copyFileSync(BUNDLES[path], join(folder, `${path}.cjs`));
  writeFileSync(join(folder, 'serverless.yml'), CONFIGURATION);
  const [port, lambdaPort] = [await freePort(), await freePort()];
  const child = spawn(
    process.execPath,
    [
      join(ROOT, 'node_modules/serverless/bin/serverless.js'),
      ...['offline', '--httpPort', String(port), '--lambdaPort', String(lambdaPort)],
    ],
    {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, SLS_LOG_LEVEL: 'error', ...environment },
      stdio: 'ignore',
    },
  );
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    if (child.exitCode !== null || tries > 600) throw new Error('serverless offline did not come up.');
    const up = await fetch(`${url}/produce/nobody`).then(
      ({ status }) => status === 404,
      () => false,
    );
    if (up) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(kill, 10_000);
      await ended;
      clearTimeout(late);
      process.off('exit', kill);
    },
  };
}

const CONFIGURATION = `service: koogate-bench
frameworkVersion: '^4'
provider: { name: aws, runtime: nodejs24.x, region: eu-west-1 }
plugins: [serverless-offline]
custom: { serverless-offline: { host: 127.0.0.1, useInProcess: true, noPrependStageInUrl: true, noSponsor: true } }
functions:
  produce: { handler: produce.handler, timeout: 8, events: [{ httpApi: 'ANY /produce/{product+}' }] }
  reference: { handler: reference.handler, timeout: 8, events: [{ httpApi: 'ANY /reference/{product+}' }] }
`;
