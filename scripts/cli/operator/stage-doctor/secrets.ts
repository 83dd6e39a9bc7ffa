import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Config } from '../../../../lib/config/config.ts';
import { furtherSites, type Stage } from '../../../../lib/config/stage.ts';
import { type Secrets, SecretsUnavailable } from '../../../../lib/secrets/secrets.ts';
import { names } from '../../../../lib/secrets/source.ts';
import { causeOf, type DoctorFinding, findingsOf } from './finding.ts';
import type { Visit } from './visit.ts';

const { good, todo, advice, unknown } = findingsOf('secrets');

/** Parameters that Parameter Store gives at a time. */
const BATCH = 10;

/** A secret that the stage's settings ask for. */
interface Needed {
  readonly name: string;
  /** Reads it, where the host's secrets are a file or a service of Huawei Cloud. */
  readonly read: (secrets: Secrets) => Promise<unknown>;
  /** Nothing stops without it. */
  readonly isOptional?: true;
}

/** Lists the secrets that a stage cannot do without, and those that it can. */
function neededBy({ products }: Config, stage: Stage): readonly Needed[] {
  const families = [...products.values()].flatMap(({ families: own }) => own);
  const hasKit = families.some((family) => family.startsWith('kit-'));
  const kinds = ['credentials', 'personal', ...(hasKit ? (['kit'] as const) : [])] as const;
  const onServer = stage.host === 'server';
  return [
    ...[...products.values()].flatMap(({ id, families: own }): Needed[] => [
      { name: names.product(id), read: (secrets) => secrets.product(id) },
      ...(own.some((family) => family.startsWith('kit-'))
        ? [{ name: names.kit(id), read: (secrets: Secrets) => secrets.kit(id) }]
        : []),
    ]),
    ...kinds.flatMap((kind) =>
      (['public', 'private'] as const).map((half) => ({
        name: names.sealing(kind, half),
        read: (secrets: Secrets) => secrets.sealing(kind, half),
      })),
    ),
    ...[undefined, ...furtherSites(stage.sites)].map((site) => ({
      name: names.account(site),
      read: (secrets: Secrets) => secrets.account(site),
    })),
    ...(stage.backends.size > 0 ? [{ name: names.seller, read: (secrets: Secrets) => secrets.seller() }] : []),
    ...(stage.login ? [{ name: names.login, read: (secrets: Secrets) => secrets.login() }] : []),
    ...[...stage.receivers, ...stage.webhooks, ...Object.keys(stage.alarms.robots ?? {})].map((name) => ({
      name: names.receiver(name),
      read: (secrets: Secrets) => secrets.receiver(name),
    })),
    ...(onServer && stage.receivers.length > 0
      ? [{ name: names.mail, read: (secrets: Secrets) => secrets.mail() }]
      : []),
    { name: names.hmac, read: (secrets) => secrets.hmac(), isOptional: true },
  ];
}

/** Looks whether each secret that the settings ask for is there; on AWS their values stay closed. */
export async function checkSecrets(visit: Visit): Promise<readonly DoctorFinding[]> {
  const { config, stage, place } = visit;
  const needed = neededBy(config, stage);
  const { parameters } = place;
  const inStore = stage.host === 'aws' && parameters !== undefined && stage.region !== undefined;
  const findings = inStore
    ? await inParameterStore(needed, parameters, stage.region ?? '')
    : await readEach(needed, await visit.secrets());
  return findings.length > 0 ? findings : [good('there', { count: needed.length })];
}

async function inParameterStore(
  needed: readonly Needed[],
  prefix: string,
  region: string,
): Promise<readonly DoctorFinding[]> {
  const client = new SSMClient({ region });
  const findings: DoctorFinding[] = [];
  try {
    for (let start = 0; start < needed.length; start += BATCH) {
      const batch = needed.slice(start, start + BATCH);
      const Names = batch.map(({ name }) => `${prefix}/${name}`);
      const { InvalidParameters = [] } = await client.send(new GetParametersCommand({ Names }));
      const gone = batch.filter(({ name }) => InvalidParameters.includes(`${prefix}/${name}`));
      findings.push(...gone.map((one) => missing(one, `${prefix}/${one.name}`)));
    }
    return findings;
  } catch (error) {
    if (Object(error).name === 'CredentialsProviderError') throw error; // nobody is signed in
    return [...findings, unknown('unreadable', { cause: causeOf(error) })];
  } finally {
    client.destroy();
  }
}

async function readEach(needed: readonly Needed[], secrets: Secrets): Promise<readonly DoctorFinding[]> {
  const findings: DoctorFinding[] = [];
  for (const one of needed) {
    try {
      await one.read(secrets);
    } catch (error) {
      if (!(error instanceof SecretsUnavailable)) throw error;
      if (error.reason === 'gone') findings.push(missing(one, one.name));
      else if (error.reason === 'unfit') findings.push(todo('unfit', { name: one.name, cause: causeOf(error) }));
      else return [...findings, unknown('unreadable', { cause: causeOf(error) })];
    }
  }
  return findings;
}

function missing({ isOptional }: Needed, name: string): DoctorFinding {
  return isOptional ? advice('no-hmac', { name }) : todo('gone', { name });
}
