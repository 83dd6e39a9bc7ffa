import * as v from 'valibot';
import { RULES } from '../../../lib/alarms/rules.ts';
import { MOST_WAITING, readOverview } from '../../../lib/operations/overview.ts';
import { readStatus } from '../../../lib/operations/status.ts';
import type { Api, Endpoint, Tell } from '../api.ts';
import { act, openCredentials, settleUsage } from './act.ts';
import type { DeployedDependencies } from './dependencies.ts';
import { tellExamination } from './doctor.ts';
import { readInstanceHistory } from './history.ts';
import { findById, scanTable } from './orders.ts';
import { saidOf } from './problems.ts';
import { ACTIONS, type FailingLine, type OverviewShown, STATES, TROUBLES, USAGE_ACTIONS } from './shapes.ts';
import { listWaitingUsage } from './waiting-usage.ts';

const id = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(256));
const moment = v.pipe(v.number(), v.integer());
const why = v.exactOptional(v.pipe(v.string(), v.trim(), v.maxLength(500)));
const ofInstance = { product: id, instanceId: id };

const findSchema = v.object({ id, isCustomer: v.boolean(), product: v.exactOptional(id) });
const scanSchema = v.object({
  product: v.exactOptional(id),
  state: v.exactOptional(v.picklist(STATES)),
  trouble: v.exactOptional(v.picklist(TROUBLES)),
  from: v.exactOptional(moment),
  until: v.exactOptional(moment),
  order: v.exactOptional(id),
});
const instanceSchema = v.object(ofInstance);
const actSchema = v.object({ ...ofInstance, action: v.picklist(ACTIONS), isNotice: v.boolean(), why });
const usageSchema = v.object({ ...ofInstance, action: v.picklist(USAGE_ACTIONS), name: id, why });
const credentialsSchema = v.object({ ...ofInstance, why });

/** Answers of these come in lines, as they are known. */
export const DEPLOYED_STREAMED: ReadonlySet<string> = new Set(['/api/scan', '/api/doctor']);

/** Makes everything that the page of a deployed installation can ask for, by path. */
export function createDeployedApi(deps: DeployedDependencies): Api {
  const { table, place, products, writes } = deps;
  const endpoints: Readonly<Record<string, Endpoint>> = {
    '/api/setup': () => ({
      products: [],
      families: [],
      deployed: {
        place,
        writes,
        canExamine: deps.examine !== undefined,
        products: [...products.values()].map((one) => ({ id: one.id, name: one.name })),
      },
    }),
    '/api/overview': () => overviewOf(deps),
    '/api/failing': async (): Promise<readonly FailingLine[]> =>
      (await readStatus(table, products, MOST_WAITING)).failing,
    '/api/find': (body) => findById(deps, v.parse(findSchema, body)),
    '/api/scan': (body, tell) => scanTable(deps, v.parse(scanSchema, body), tell),
    '/api/waiting-usage': () => listWaitingUsage(table),
    '/api/doctor': (_, tell) => tellExamination(deps.examine, tell),
    '/api/history': (body) => {
      const { product, instanceId } = v.parse(instanceSchema, body);
      return readInstanceHistory(deps, product, instanceId);
    },
    '/api/act': (body) => {
      const { action, why: text, ...on } = v.parse(actSchema, body);
      return act(deps, action, on, text || undefined);
    },
    '/api/usage': (body) => {
      const { action, why: text, ...on } = v.parse(usageSchema, body);
      return settleUsage(deps, action, on, text || undefined);
    },
    '/api/credentials': (body) => {
      const { why: text, ...on } = v.parse(credentialsSchema, body);
      return openCredentials(deps, on, text || undefined);
    },
  };
  return new Map(Object.entries(endpoints).map(([path, endpoint]) => [path, saying(endpoint)]));
}

/** Takes the picture of the installation, with the words of its open alarms. */
async function overviewOf({ table, products, clock }: DeployedDependencies): Promise<OverviewShown> {
  const { alarms, ...overview } = await readOverview(table, products, clock());
  return { ...overview, alarms: alarms.map(({ rule, ...alarm }) => ({ ...alarm, ...RULES[rule] })) };
}

/** Lets the page say what the table, the secrets or the cloud refuses. */
function saying(endpoint: Endpoint): Endpoint {
  return async (body: unknown, tell: Tell) => {
    try {
      return await endpoint(body, tell);
    } catch (error) {
      throw saidOf(error);
    }
  };
}
