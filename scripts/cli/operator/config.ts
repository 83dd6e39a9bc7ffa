import { relative } from 'node:path';
import type { Config, StageSettings } from '../../../lib/config/config.ts';
import { checkStage, type Stage } from '../../../lib/config/stage.ts';
import { readSettings } from '../../dev/local/settings.ts';
import { readProject } from '../../dev/local/system.ts';
import { COMMON, readArguments } from '../terminal/arguments.ts';
import { EXIT, Problem } from '../terminal/problem.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { stageNamed } from './place.ts';
import { asTable } from './usage/table-text.ts';

const OPTIONS = { ...COMMON, stage: { type: 'string' } } as const;

/** A value that holds, and where it comes from. */
interface Setting {
  readonly value: unknown;
  readonly from: string;
}

/** A product as it is sold in a stage. */
interface SoldProduct {
  readonly id: string;
  readonly name: string;
  readonly formerNames: readonly string[];
  readonly families: readonly string[];
  /** `demo seller`, `own code`, or the address of the backend. */
  readonly seller: Setting;
  /** Name or address of the site that it is sold on. */
  readonly site: Setting;
  /** Protocol by which KooGate signs its users in, if it does. */
  readonly login?: 'oauth2' | 'cas3';
}

/** Settings that a stage completes with a default, by name. */
const DEFAULTED = [
  'purpose',
  'host',
  'region',
  'site',
  'receivers',
  'webhooks',
  'alarms',
  'heartbeat',
  'environment',
  'iamStatements',
  'domain',
  'reservedConcurrency',
  'login',
  'usageBatch',
  'hostRuleKnown',
] as const satisfies readonly (keyof StageSettings & keyof Stage)[];

const FILE = 'koogate.config.ts';
const DERIVED = 'derived from service and stage';

/** Shows what holds in a stage and where from. Ends with 1 if a setting is missing or contradicts another. */
export async function config(args: readonly string[], terminal: Terminal): Promise<number> {
  const { say, out } = terminal;
  const { values, positionals } = readArguments(args, OPTIONS);
  if (values.help) {
    out(say('help.config'));
    return EXIT.good;
  }
  const [word] = positionals;
  if (word !== undefined) throw new Problem('problem.word', { given: word });
  const project = await readProject(readSettings(terminal.env));
  const stages = Object.keys(project.config.stages);
  if (values.stage === undefined) throw new Problem('problem.stage-needed', { choices: stages.join(', ') });
  const stage = stageNamed(project.config, values.stage);
  const settings = settingsOf(project.config, stage);
  const products = productsOf(project.config, stage);
  const { problems, warnings } = checkStage(project.config, stage);
  if (values.json) {
    out(JSON.stringify({ stage: stage.name, settings, products, problems, warnings }, null, 2));
  } else {
    out(say('config.title', { stage: stage.name, file: relative(process.cwd(), project.configFile) || FILE }));
    out(`\n${settingsTable(settings, terminal)}\n\n${productsTable(products, terminal)}\n`);
    for (const text of warnings) out(terminal.paint('yellow', say('config.warning', { text })));
    for (const text of problems) out(terminal.paint('red', say('config.problem', { text })));
    if (problems.length === 0) out(terminal.paint('green', say('config.good')));
  }
  return problems.length === 0 ? EXIT.good : EXIT.found;
}

/** Everything that holds in a stage besides the products. */
export function settingsOf({ service, retired, stages }: Config, stage: Stage): Readonly<Record<string, Setting>> {
  const own: StageSettings = stages[stage.name] ?? {};
  const stated = (name: string) => `${FILE}: stages.${stage.name}.${name}`;
  const defaulted = DEFAULTED.map((name): [string, Setting] => [
    name,
    { value: stage[name] ?? null, from: own[name] === undefined ? 'default' : stated(name) },
  ]);
  return {
    service: { value: service, from: `${FILE}: service` },
    ...Object.fromEntries(defaulted),
    table: { value: stage.table, from: own.table === undefined ? DERIVED : stated('table') },
    parameters: { value: stage.parameters, from: DERIVED },
    retired: { value: retired, from: retired.length > 0 ? `${FILE}: retired` : 'default' },
  };
}

/** The products, with who really carries out their changes in the stage. */
export function productsOf({ products, stages }: Config, stage: Stage): readonly SoldProduct[] {
  const own: StageSettings = stages[stage.name] ?? {};
  return [...products.values()].map(({ id, name, formerNames, families, seller, site, login }) => {
    const backend = stage.backends.get(id);
    const ofStage = own.products?.[name]?.backend !== undefined ? `stages.${stage.name}.products.${name}` : undefined;
    const place = ofStage ?? (own.backend === undefined ? `products.${name}` : `stages.${stage.name}`);
    const from = `${FILE}: ${backend === undefined ? `products.${name}.seller` : `${place}.backend`}`;
    const code = seller.demonstration === true ? 'demo seller' : 'own code';
    const ownSite = own.products?.[name]?.site;
    const siteFrom =
      ownSite !== undefined
        ? `${FILE}: stages.${stage.name}.products.${name}.site`
        : site !== undefined
          ? `${FILE}: products.${name}.site`
          : own.site === undefined
            ? 'default'
            : `${FILE}: stages.${stage.name}.site`;
    const sold: Setting = { value: stage.sites.get(id)?.site ?? stage.site, from: siteFrom };
    const shownProduct = { id, name, formerNames, families, seller: { value: backend ?? code, from }, site: sold };
    return login === undefined ? shownProduct : { ...shownProduct, login: login.protocol ?? 'oauth2' };
  });
}

function settingsTable(settings: Readonly<Record<string, Setting>>, { say }: Terminal): string {
  const heads = ['setting', 'value', 'from'].map((name) => say(`config.head.${name}`));
  return asTable(
    heads,
    Object.entries(settings).map(([name, { value, from }]) => [name, shown(value), from]),
  );
}

function productsTable(products: readonly SoldProduct[], { say }: Terminal): string {
  const heads = ['product', 'id', 'former-names', 'families', 'login', 'site', 'seller', 'from'].map((name) =>
    say(`config.head.${name}`),
  );
  const rows = products.map(({ id, name, formerNames, families, seller, site }) => {
    const texts = [formerNames.join(', '), families.join(', '), String(site.value), String(seller.value)];
    return [name, id, ...texts, seller.from];
  });
  return asTable(heads, rows);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
