import type { Finding } from '../certify/finding.ts';
import { allFindings, type Certification, casePassed, conductPassed, shownIn, verdictOf } from '../certify/verdict.ts';
import { consoleSays } from '../checks/console-says.ts';
import { sourceOf } from '../checks/sources.ts';
import type { Say } from '../messages/index.ts';
import { findingCauses, findingText, openApiText } from './words.ts';

/** A finding for machines: its name, and the sentence. */
export function findingJson(say: Say, finding: Finding): object {
  const { id, severity, causes } = finding;
  return {
    id,
    severity,
    text: findingText(say, finding),
    ...(severity === 'fail' && { source: sourceOf(id) }),
    ...(causes && {
      causes: causes.map(({ id: cause }, index) => ({ id: cause, text: findingCauses(say, finding)[index] })),
    }),
  };
}

/** The rehearsal for machines. */
export function certificationJson(say: Say, certification: Certification): object {
  const { kind, at, seed, orders, madeAt, cases, conduct, openApis } = certification;
  const verdict = verdictOf(certification);
  return {
    kind,
    at,
    seed,
    orders,
    madeAt: new Date(madeAt).toISOString(),
    verdict: { good: verdict.good, id: verdict.id, text: say(verdict.id, { count: verdict.count, at }) },
    shown: shownIn(certification),
    openApis: openApis.map((one) => ({ ...one, text: openApiText(say, one) })),
    cases: cases.map((one) => ({
      id: one.required.id,
      family: one.required.family,
      need: one.required.need,
      passed: casePassed(one),
      console: say(
        consoleSays(
          (one.runs.find(({ findings }) => findings.length > 0) ?? one.runs[0])?.exchange.judgement.checks ?? [],
        ),
      ),
      runs: one.runs.map(({ round, exchange, findings }) => ({
        round,
        milliseconds: exchange.outcome.milliseconds,
        findings: findings.map((finding) => findingJson(say, finding)),
      })),
    })),
    conduct: conduct.map((one) => ({
      id: one.id,
      family: one.family,
      passed: conductPassed(one),
      findings: one.findings.map((finding) => findingJson(say, finding)),
    })),
    findings: allFindings(certification).map((finding) => findingJson(say, finding)),
  };
}
