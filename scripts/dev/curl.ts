import { parseArgs } from 'node:util';
import { signedCurl, TEST_PURCHASE } from './local/announce.ts';
import { findRun } from './local/run-file.ts';
import { readSettings } from './local/settings.ts';
import { main, Problem } from './problem.ts';

/**
 * `npm run curl`: prints a `curl` command with a call signed just now, for the KooGate that runs on the data folder.
 * `npm run -s curl -- '{"activity":"queryInstance","instanceId":"…"}' --product plain | sh` sends any other.
 */
await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { product: { type: 'string', default: 'demo' } },
  });
  const run = findRun(readSettings(process.env).data);
  if (run === undefined) throw new Problem('KooGate does not run on this data folder: start it with npm start.');
  console.log(signedCurl(run, values.product, positionals[0] === undefined ? TEST_PURCHASE : parse(positionals[0])));
});

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {}
  throw new Problem(`The message is to be a JSON object, not ${text}`);
}
