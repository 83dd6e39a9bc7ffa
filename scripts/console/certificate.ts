import type { Finding } from '../cli/certify/finding.ts';
import { type Certification, casePassed, verdictOf } from '../cli/certify/verdict.ts';
import { consoleSays } from '../cli/checks/console-says.ts';
import type { Certificate, CertifiedCase } from './shapes.ts';

type CaseResult = Certification['cases'][number];

/** A rehearsal as the page shows it: without the requests and answers, which are thousands of lines. */
export function certificateOf(certification: Certification): Certificate {
  const { kind, at, seed, cases, conduct, suspects, openApis } = certification;
  return {
    kind,
    at,
    seed,
    verdict: verdictOf(certification),
    cases: cases.map(certifiedCase),
    questions: conduct.length,
    troubled: conduct
      .filter(({ findings }) => findings.length > 0)
      .map(({ id, family, findings }) => ({ id, family, findings })),
    suspects,
    openApis,
  };
}

function certifiedCase(result: CaseResult): CertifiedCase {
  const { required, runs } = result;
  const failed = runs.filter(({ findings }) => findings.some(({ severity }) => severity === 'fail'));
  const shown = failed[0] ?? runs[0];
  const { id, family, activity, need } = required;
  return {
    ...{ id, family, activity, need },
    passed: casePassed(result),
    sendings: runs.length,
    passedSendings: runs.length - failed.length,
    console: consoleSays(shown?.exchange.judgement.checks ?? []),
    findings: eachOnce(failed.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'fail'))),
  };
}

function eachOnce(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify([finding.id, finding.values]), finding])).values()];
}
