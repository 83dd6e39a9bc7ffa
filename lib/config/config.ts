import * as v from 'valibot';
import { SITE, SITE_RULE, type SiteName } from '../open-api/sites.ts';
import type { AlarmSettings } from './alarm-settings.ts';
import { defineProducts, type ProductSettings, type Products } from './products.ts';

/** A statement of an IAM policy, for what the seller's own code reaches. */
export interface IamStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** Settings of one product in one stage; absent ones are the stage's. */
export interface StageProductSettings {
  /** Address of the backend that the HTTP seller posts this product's changes to. */
  readonly backend?: string;
  /** Site that this product is sold on. */
  readonly site?: SiteName | (string & {});
  /** On sale, so that dial tests come twice a day and their silence rings. Default true. */
  readonly onSale?: boolean;
}

/** Settings of one stage: everything about an installation that is not secret. */
export interface StageSettings {
  /**
   * `production`: real customers; needs a real seller for each product, and somebody who hears of alarms. `test`: a stage
   * to try the real seller in. `demonstration`: the only one in which a demo seller runs. Default `production`.
   */
  readonly purpose?: 'production' | 'test' | 'demonstration';
  /** Platform: `aws` is Lambda and DynamoDB, `server` a Node server with PostgreSQL. Default `aws`. */
  readonly host?: 'aws' | 'server';
  /** Region of the host, such as `ap-southeast-1`. */
  readonly region?: string;
  /** Site of the marketplace whose open APIs are called, or another https address, for all products that name no other. Default `china`. */
  readonly site?: SiteName | (string & {});
  /** Address of the backend that the HTTP seller posts changes to, for all products that name no other. */
  readonly backend?: string;
  /** Names of those who hear of alarms by e-mail; their addresses are secrets (`receivers.<name>` of the secrets file). */
  readonly receivers?: readonly string[];
  /** Names of those who hear of alarms by a signed webhook; their addresses are secrets too. */
  readonly webhooks?: readonly string[];
  /** Robots of chats that hear of alarms, who hears of which severity, and the daily digest. */
  readonly alarms?: AlarmSettings;
  /** Address that is called after each successful sweep; whoever answers there rings when the calls end. */
  readonly heartbeat?: string;
  /** Further environment variables of the functions that run the seller's code. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Further permissions of the functions that run the seller's code. */
  readonly iamStatements?: readonly IamStatement[];
  /** A domain of one's own in front of the route; `GET /` on it is answered 200. */
  readonly domain?: { readonly name: string; readonly certificateArn: string };
  /**
   * Places of the account's Lambda concurrency that are kept for the route, and the most that it takes. Default none: a new
   * account has ten for everything, and AWS lets only those be reserved that are above a hundred.
   */
  readonly reservedConcurrency?: number;
  /** Deploys the login function of joint-operation products. Default false. */
  readonly login?: boolean;
  /** Usage records a push, 1 to 1000. Default 1000. */
  readonly usageBatch?: number;
  /** Name of the table. Default `<service>-<stage>`. */
  readonly table?: string;
  /** Confirms that the marketplace's rule on hosting is known; no longer warns of it. Default false. */
  readonly hostRuleKnown?: boolean;
  /** Settings of the server, where the host is one. */
  readonly server?: ServerSettings;
  /** Settings of single products, by name. */
  readonly products?: Readonly<Record<string, StageProductSettings>>;
}

/** Settings of the server host; its port is the environment's, as PORT. */
export interface ServerSettings {
  /** Address that the public listener binds. Default `127.0.0.1`: a proxy on the same machine ends TLS. */
  readonly address?: string;
  /** Place of the private listener: `host:port`, or the path of a Unix socket. Default `127.0.0.1:9464`. */
  readonly private?: string;
  /** Takes the source address from the last entry of `x-forwarded-for`, which the proxy in front sets. Default false. */
  readonly trustsProxy?: boolean;
}

/** Settings of an installation, as `koogate.config.ts` states them. */
export interface ConfigSettings {
  /** Name of the service; the names of table, parameters and functions are made of it. */
  readonly service: string;
  /** Products by name, the last part of their production addresses. */
  readonly products: Readonly<Record<string, ProductSettings>>;
  /** Ids of products that were sold once and are served no more. */
  readonly retired?: readonly string[];
  readonly stages: Readonly<Record<string, StageSettings>>;
}

/** Settings of an installation, checked, and completed as far as products go. */
export interface Config {
  readonly service: string;
  readonly products: Products;
  readonly retired: readonly string[];
  readonly stages: Readonly<Record<string, StageSettings>>;
}

/** The local run is a stage of its own, which no settings describe. */
export const LOCAL_STAGE = 'local';

const backend = v.pipe(
  v.string('must be an address'),
  v.regex(/^https:\/\/\S+$|^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])[:/]?\S*$/, 'must be an https address'),
);
const word = (pattern: RegExp, message: string) => v.pipe(v.string(message), v.regex(pattern, message));
const site = word(SITE, SITE_RULE);
const id = word(/^[a-z0-9-]{1,64}$/, 'must have 1 to 64 lower-case letters, digits and hyphens');

const receiverNames = v.array(word(/^[a-z0-9-]{1,32}$/, 'must be a name of lower-case letters, such as ops'));

const flag = v.exactOptional(v.boolean('must be true or false'));

const stageSchema = v.strictObject({
  purpose: v.exactOptional(
    v.picklist(['production', 'test', 'demonstration'], 'must be production, test or demonstration'),
  ),
  host: v.exactOptional(v.picklist(['aws', 'server'], 'must be aws or server')),
  region: v.exactOptional(word(/^[a-z0-9-]{2,64}$/, 'must be a region such as ap-southeast-1')),
  site: v.exactOptional(site),
  backend: v.exactOptional(backend),
  receivers: v.exactOptional(receiverNames),
  webhooks: v.exactOptional(receiverNames),
  alarms: v.exactOptional(v.looseObject({})), // checked by checkStage, which knows all receivers
  heartbeat: v.exactOptional(backend),
  environment: v.exactOptional(
    v.record(
      word(
        /^(?!KOOGATE_|AWS_|LAMBDA_)[A-Za-z]\w*$/,
        'must be the name of a variable that begins neither with KOOGATE_ nor with AWS_ or LAMBDA_',
      ),
      v.string('must be a text'),
    ),
  ),
  iamStatements: v.exactOptional(
    v.array(
      v.looseObject({
        Effect: v.picklist(['Allow', 'Deny'], 'must be Allow or Deny'),
        Action: v.union([v.string(), v.array(v.string())], 'must be an action such as s3:GetObject, or a list of them'),
        Resource: v.unknown(),
      }),
    ),
  ),
  domain: v.exactOptional(
    v.strictObject({
      name: word(/^(?=.{4,253}$)([a-z0-9-]+\.)+[a-z]{2,}$/, 'must be a domain such as market.example.com'),
      certificateArn: word(/^arn:[\w-]+:acm:/, 'must be the ARN of a certificate in the stage’s region'),
    }),
  ),
  reservedConcurrency: v.exactOptional(
    v.pipe(
      v.number('must be a number of calls at a time'),
      v.integer('must be a whole number'),
      v.minValue(5, 'must be at least 5'),
    ),
  ),
  login: flag,
  usageBatch: v.exactOptional(
    v.pipe(
      v.number('must be a number from 1 to 1000'),
      v.integer('must be a whole number'),
      v.minValue(1, 'must be at least 1'),
      v.maxValue(1000, 'must be at most 1000'),
    ),
  ),
  table: v.exactOptional(word(/^[\w.-]{3,255}$/, 'must have 3 to 255 letters, digits, dots, hyphens or underscores')),
  hostRuleKnown: flag,
  server: v.exactOptional(
    v.strictObject({
      address: v.exactOptional(word(/^[\da-fA-F.:]+$/, 'must be an IP address such as 0.0.0.0')),
      private: v.exactOptional(word(/^(\S+:\d{1,5}|\/\S+)$/, 'must be host:port, or the path of a Unix socket')),
      trustsProxy: flag,
    }),
  ),
  products: v.exactOptional(
    v.record(
      v.string(),
      v.strictObject({
        backend: v.exactOptional(backend),
        site: v.exactOptional(site),
        onSale: flag,
      }),
    ),
  ),
});

const configSchema = v.strictObject({
  service: word(
    /^[a-z][a-z0-9-]{0,39}$/,
    'must begin with a lower-case letter and have at most 40 lower-case letters, digits and hyphens',
  ),
  products: v.record(v.string(), v.looseObject({})),
  retired: v.exactOptional(v.array(id)),
  stages: v.record(
    word(
      /^(?!local$)[a-z][a-z0-9-]{0,19}$/,
      'must be the name of a stage, such as dev or prod: at most 20 lower-case letters, digits and hyphens, and not "local", which is the local run',
    ),
    stageSchema,
  ),
});

/**
 * States and checks the settings of an installation; the default export of `koogate.config.ts`.
 * @example export default defineConfig({ service: 'my-shop', products: { crm: { seller } }, stages: { dev: {} } });
 * @throws Error with a sentence that names the setting, what was expected and what to do.
 */
export function defineConfig(settings: ConfigSettings): Config {
  const checked = v.safeParse(configSchema, settings, { abortEarly: true });
  if (!checked.success) throw new Error(sentenceOf(checked.issues[0]));
  const products = defineProducts(settings.products);
  const { service, retired = [], stages } = settings;
  for (const one of retired) {
    if (!products.has(one)) continue;
    throw new Error(`koogate.config.ts: retired names "${one}", which products has too: take it out of one of them.`);
  }
  for (const [stage, { products: own = {} }] of Object.entries(stages)) {
    const names = [...products.values()].map(({ name }) => name);
    const unknown = Object.keys(own).find((name) => !names.includes(name));
    if (unknown === undefined) continue;
    throw new Error(
      `koogate.config.ts: stages.${stage}.products names "${unknown}", but the products are ${names.join(', ')}.`,
    );
  }
  return { service, products, retired, stages };
}

function sentenceOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? 'its default export';
  const [key] = issue.path?.slice(-1) ?? [];
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return `koogate.config.ts: ${path} is not a setting: check its spelling, or take it out.`;
  }
  if (key?.origin === 'key') return `koogate.config.ts: the name of ${path} ${issue.message}.`;
  if (issue.received === 'undefined') return `koogate.config.ts: ${path} is missing: ${expected(issue)}.`;
  return `koogate.config.ts: ${path} ${expected(issue)}, but is ${issue.received}.`;
}

function expected({ message, kind, expected: wanted }: v.BaseIssue<unknown>): string {
  return kind === 'schema' && message.startsWith('Invalid') ? `must be ${wanted ?? 'set'}` : message;
}
