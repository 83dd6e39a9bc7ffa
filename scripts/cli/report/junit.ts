import type { Finding } from '../certify/finding.ts';
import type { Certification } from '../certify/verdict.ts';
import type { Say } from '../messages/index.ts';
import { findingCauses, findingText, roundText } from './words.ts';

interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly seconds: number;
  readonly findings: readonly Finding[];
}

/** The rehearsal for a build server: a suite of cases and a suite of conduct a family; optional cases that fail are skipped ones. */
export function junitXml(say: Say, certification: Certification): string {
  const cases = certification.cases.flatMap(({ required, runs }) =>
    runs.map(({ round, exchange, findings }): TestCase & { optional: boolean } => ({
      suite: `${certification.kind}.cases`,
      name: `${required.id}, ${roundText(say, round)}`,
      seconds: exchange.outcome.milliseconds / 1000,
      findings: findings.filter(({ severity }) => severity === 'fail'),
      optional: required.need === 'optional',
    })),
  );
  const conduct = certification.conduct.map(
    ({ id, family, findings, exchanges }): TestCase & { optional: boolean } => ({
      suite: `${certification.kind}.${family}`,
      name: id,
      seconds: exchanges.reduce((sum, { outcome }) => sum + outcome.milliseconds, 0) / 1000,
      findings: findings.filter(({ severity }) => severity === 'fail'),
      optional: false,
    }),
  );
  const all = [...cases, ...conduct];
  const suites = [...new Set(all.map(({ suite }) => suite))].map((suite) => {
    const tests = all.filter((one) => one.suite === suite);
    const bad = tests.filter(({ findings }) => findings.length > 0);
    const failures = bad.filter(({ optional }) => !optional).length;
    const counts = `tests="${tests.length}" failures="${failures}" errors="0" skipped="${bad.length - failures}"`;
    return `  <testsuite name="${xml(suite)}" ${counts} time="${sum(tests)}">\n${tests.map((test) => testCase(say, test)).join('')}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="koogate certify" tests="${all.length}" time="${sum(all)}">\n${suites.join('')}</testsuites>\n`;
}

function testCase(say: Say, { suite, name, seconds, findings, optional }: TestCase & { optional: boolean }): string {
  const open = `    <testcase classname="${xml(suite)}" name="${xml(name)}" time="${seconds.toFixed(3)}"`;
  const [first] = findings;
  if (first === undefined) return `${open}/>\n`;
  const text = findings.flatMap((finding) => [findingText(say, finding), ...findingCauses(say, finding)]).join('\n');
  const message = xml(findingText(say, first));
  const said = optional
    ? `<skipped message="${message}"/>`
    : `<failure type="${xml(first.id)}" message="${message}">${xml(text)}</failure>`;
  return `${open}>\n      ${said}\n    </testcase>\n`;
}

function sum(tests: readonly TestCase[]): string {
  return tests.reduce((total, { seconds }) => total + seconds, 0).toFixed(3);
}

/** Escapes for text and attributes; what XML cannot hold at all becomes a question mark. */
export function xml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
