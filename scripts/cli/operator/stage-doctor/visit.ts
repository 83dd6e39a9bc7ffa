import type { Config } from '../../../../lib/config/config.ts';
import type { Stage } from '../../../../lib/config/stage.ts';
import type { Secrets } from '../../../../lib/secrets/secrets.ts';
import { Problem } from '../../terminal/problem.ts';
import { type Place, secretsOf } from '../place.ts';
import type { CheckName, DoctorFinding } from './finding.ts';
import { readStack, type Stack } from './stack.ts';

/** Secrets file as it was read. */
export interface SecretsFile {
  readonly path: string;
  readonly content: unknown;
}

/** Circumstances of a visit, and what hears of its progress. */
export interface DoctorOptions {
  /** Public address of the stage, where its settings and its stack do not tell it; a path is left out. */
  readonly at?: string | undefined;
  /** Secrets file whose access keys are compared with those of the stage. */
  readonly secretsFile?: SecretsFile | undefined;
  /** Checks to make; all unless given. */
  readonly only?: readonly CheckName[] | undefined;
  /** Certificates to trust in the place of Node's own, in PEM. */
  readonly ca?: string | undefined;
  /** Addresses of a host by name; the system's resolver unless given. */
  readonly lookup?: (host: string) => Promise<readonly string[]>;
  /** Hears which check begins; an empty name once all are done. */
  readonly onStep?: (check: CheckName | '', done: number, total: number) => void;
  /** Hears each finding at once. */
  readonly onFinding?: (finding: DoctorFinding) => void;
}

/** Public address of a stage, and where it is known from. */
export interface VisitedAddress {
  /** Scheme, host and port. */
  readonly origin?: string;
  readonly from: 'option' | 'domain' | 'stack' | 'nowhere';
}

/** A stage that is looked at. */
export interface Visit {
  readonly place: Place;
  readonly config: Config;
  readonly stage: Stage;
  readonly options: DoctorOptions;
  /** Unix milliseconds at the beginning. */
  readonly now: number;
  /** The stage's secrets, opened once. @throws whatever keeps them from being opened */
  secrets(): Promise<Secrets>;
  /** The stage's stack on AWS; undefined if there is none. @throws what AWS answers */
  stack(): Promise<Stack | undefined>;
  /** Looked up once. */
  address(): Promise<VisitedAddress>;
}

/** Begins a visit. @throws Problem if no stage is meant, or the address is none */
export function openVisit(place: Place, options: DoctorOptions): Visit {
  const { stage, config, terminal } = place;
  const { at } = options;
  if (at !== undefined && !(URL.canParse(at) && /^https?:$/.test(new URL(at).protocol))) {
    throw new Problem('problem.address', { at });
  }
  if (stage === undefined) {
    throw new Problem('problem.stage-needed', { choices: Object.keys(config.stages).join(', ') });
  }
  const stack = once(async () =>
    stage.host === 'aws' && stage.region !== undefined
      ? readStack(`${config.service}-${stage.name}`, stage.region)
      : undefined,
  );
  return {
    place,
    config,
    stage,
    options,
    now: terminal.clock(),
    secrets: once(() => secretsOf(place)),
    stack,
    address: once(() => addressOf(stage, options, stack)),
  };
}

async function addressOf(
  { domain }: Stage,
  { at }: DoctorOptions,
  stack: () => Promise<Stack | undefined>,
): Promise<VisitedAddress> {
  if (at !== undefined) return { origin: new URL(at).origin, from: 'option' };
  if (domain !== undefined) return { origin: `https://${domain.name}`, from: 'domain' };
  const route = (await stack().catch(() => undefined))?.outputs.Route; // what failed is said by the check of the account
  return route === undefined ? { from: 'nowhere' } : { origin: new URL(route).origin, from: 'stack' };
}

/** Does something once, however often it is asked for. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
