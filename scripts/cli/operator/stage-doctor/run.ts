import { Problem } from '../../terminal/problem.ts';
import type { Place } from '../place.ts';
import { checkAccount } from './account.ts';
import { checkAddress } from './address.ts';
import { checkCalls } from './calls.ts';
import { CHECKS, type CheckName, causeOf, type DoctorFinding, findingsOf } from './finding.ts';
import { checkKeys } from './keys.ts';
import { checkReceivers } from './receivers.ts';
import { checkSecrets } from './secrets.ts';
import { checkSettings } from './settings.ts';
import { checkTable } from './table.ts';
import { type DoctorOptions, openVisit, type Visit } from './visit.ts';

/** Result of a visit: findings in the order of the checks. */
export interface DoctorReport {
  readonly stage: string;
  /** Address that was called, if one was known. */
  readonly address?: string;
  /** Unix milliseconds. */
  readonly madeAt: number;
  readonly findings: readonly DoctorFinding[];
  /** Nobody has to do anything. */
  readonly isFine: boolean;
}

const RUNS: Readonly<Record<CheckName, (visit: Visit) => Promise<readonly DoctorFinding[]>>> = {
  settings: checkSettings,
  secrets: checkSecrets,
  keys: checkKeys,
  table: checkTable,
  account: checkAccount,
  receivers: checkReceivers,
  address: checkAddress,
  calls: checkCalls,
};

/**
 * Looks at a deployed stage from outside and from the account, and changes nothing: its test calls carry the member
 * `koogateDoctor`, so that they count neither as dial tests nor as the use of a key.
 */
export async function runDoctor(place: Place, options: DoctorOptions = {}): Promise<DoctorReport> {
  const visit = openVisit(place, options);
  const findings: DoctorFinding[] = [];
  const checks = CHECKS.filter((check) => (options.only ?? CHECKS).includes(check) && isPossible(check, visit));
  for (const [index, check] of checks.entries()) {
    options.onStep?.(check, index, checks.length);
    for (const finding of await orFailed(check, visit)) {
      findings.push(finding);
      options.onFinding?.(finding);
    }
  }
  options.onStep?.('', checks.length, checks.length);
  const { origin } = checks.includes('address') ? await visit.address() : {};
  return {
    stage: visit.stage.name,
    ...(origin !== undefined && { address: origin }),
    madeAt: visit.now,
    findings,
    isFine: findings.every(({ state }) => state !== 'todo'),
  };
}

/** Without a region nothing can be found on AWS; that it is missing is a finding of the settings. */
function isPossible(check: CheckName, { stage: { host, region } }: Visit): boolean {
  return check === 'settings' || check === 'address' || host === 'server' || region !== undefined;
}

/** A check that could not be made at all is something to put right: no scheduler is to take it for a sound stage. */
async function orFailed(check: CheckName, visit: Visit): Promise<readonly DoctorFinding[]> {
  try {
    return await RUNS[check](visit);
  } catch (error) {
    const { say } = visit.place.terminal;
    const isSignedOut = Object(error).name === 'CredentialsProviderError';
    const known = error instanceof Problem ? error : isSignedOut ? new Problem('problem.aws-credentials') : undefined;
    const cause = known === undefined ? causeOf(error) : say(known.id, known.values);
    return [findingsOf(check).todo('failed', { cause })];
  }
}
