import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { certifyServer } from '../certify/certify.ts';
import { GATEWAY_KINDS, type GatewayKind } from '../certify/gateway/bench.ts';
import { PRODUCT_KINDS } from '../certify/matrix.ts';
import { verdictOf } from '../certify/verdict.ts';
import { readDone } from '../open-api/cases.ts';
import { htmlReport } from '../report/html.ts';
import { certificationJson } from '../report/json.ts';
import { junitXml } from '../report/junit.ts';
import { certificationLines } from '../report/text.ts';
import { COMMON, readArguments, readChoice, readNumber, TARGET } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import { stopWhenRefused } from '../terminal/refused.ts';
import { findLocalData } from '../terminal/running.ts';
import { readTarget } from '../terminal/target.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { certifyBehindGateway } from './certify-gateway.ts';

const OPTIONS = {
  ...COMMON,
  ...TARGET,
  'product-kind': { type: 'string' },
  'other-at': { type: 'string' },
  seed: { type: 'string' },
  orders: { type: 'string' },
  junit: { type: 'string' },
  html: { type: 'string' },
  limit: { type: 'string' },
  header: { type: 'string' },
  method: { type: 'string' },
  body: { type: 'string' },
  billed: { type: 'string' },
} as const;

/** Rehearses the debugging cases that the seller console asks for. Ends with 1 unless the verdict is good. */
export async function certify(args: readonly string[], terminal: Terminal): Promise<number> {
  const { values } = readArguments(args, OPTIONS);
  const { say } = terminal;
  if (values.help) {
    terminal.out(say('help.certify'));
    return EXIT.good;
  }
  const kinds = [...PRODUCT_KINDS, ...GATEWAY_KINDS];
  const kind = readChoice('--product-kind', values['product-kind'], kinds);
  if (kind === undefined) throw new Problem('problem.product-kind', { choices: kinds.join(', ') });
  if (isGatewayKind(kind)) return certifyBehindGateway(kind, values, terminal);
  const read = readTarget(values, terminal.env);
  const limit = readNumber('--limit', values.limit, 5_000, 1);
  const target = { ...read, limit, onOutcome: stopWhenRefused(read.at) };
  const certification = await certifyServer(target, kind, {
    seed: readNumber('--seed', values.seed, randomInt(2 ** 31)),
    orders: readNumber('--orders', values.orders, 3),
    now: terminal.clock(),
    done: readDone(findLocalData(terminal.env).folder),
    onStep: (label, done, total) => terminal.progress(label, done, total),
  });
  if (values.json) terminal.out(JSON.stringify(certificationJson(say, certification), null, 2));
  else for (const line of certificationLines(terminal, certification)) terminal.out(line);
  for (const [file, content] of [
    [values.junit, () => junitXml(say, certification)],
    [values.html, () => htmlReport(say, terminal.locale, certification)],
  ] as const) {
    if (file === undefined) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content());
    terminal.note(say('report.written', { file }));
  }
  return verdictOf(certification).good ? EXIT.good : EXIT.found;
}

function isGatewayKind(kind: string): kind is GatewayKind {
  return GATEWAY_KINDS.some((one) => one === kind);
}
