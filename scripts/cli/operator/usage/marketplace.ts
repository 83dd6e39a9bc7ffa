import { createOpenApis } from '../../../../lib/open-api/open-api.ts';
import { pushUsage } from '../../../../lib/open-api/push-usage.ts';
import { queryOrder } from '../../../../lib/open-api/query-order.ts';
import { SITES } from '../../../../lib/open-api/sites.ts';
import { secretsFromEnvironment } from '../../../../lib/secrets/environment.ts';
import type { Secrets } from '../../../../lib/secrets/secrets.ts';
import type { Order } from '../../../../lib/seller/contract.ts';
import type { PushUsage } from '../../../../lib/usage/dependencies.ts';
import { findRun } from '../../../dev/local/run-file.ts';
import type { Settings } from '../../../dev/local/settings.ts';
import { Problem } from '../../../dev/problem.ts';

/** The marketplace, or what stands in for it, and the secrets that go with it. */
export interface ReachedMarketplace {
  readonly place: string;
  readonly secrets: Secrets;
  readonly pushUsage: PushUsage;
  queryOrder(orderId: string, orderLineId?: string): Promise<Order>;
}

/**
 * Reaches KOOGATE_OPENAPI_URL, else the stand-in of the KooGate that runs here, with the keys of the secrets file; or,
 * where KOOGATE_PARAMETERS names the parameters of a deployed installation, the marketplace itself with those.
 * @throws Problem if there is nothing to reach
 */
export function reachMarketplace(settings: Settings): ReachedMarketplace {
  const isDeployed = Boolean(process.env.KOOGATE_PARAMETERS);
  const place = settings.openApiUrl ?? (isDeployed ? SITES.china.baseUrl : findRun(settings.data)?.openApi);
  if (place === undefined) {
    throw new Problem(
      'There is no marketplace to ask: start KooGate (npm start), or set KOOGATE_OPENAPI_URL, or set ' +
        'KOOGATE_PARAMETERS to the prefix of a deployed installation.',
    );
  }
  const env = isDeployed ? process.env : { KOOGATE_SECRETS: settings.secretsFile };
  const secrets = secretsFromEnvironment(env, Date.now);
  const openApis = createOpenApis({ baseUrl: place, keys: () => secrets.account(), clock: Date.now });
  return {
    place,
    secrets,
    pushUsage: async (product, records, signal) => {
      const { accessKeys } = await secrets.product(product);
      return pushUsage(openApis, accessKeys.base ?? [], records, signal);
    },
    queryOrder: (orderId, orderLineId) => queryOrder(openApis, orderId, orderLineId),
  };
}
