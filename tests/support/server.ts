import { type Stage, setUpStage } from '../../scripts/dev/demo/stage.ts';

/** The whole local system for an end-to-end test: `serverless offline` on a free port, its data in a temporary folder. */
export interface TestServer extends Stage {
  /** Origin of the route; a scenario that needs no more than this and the keys can run against a deployed stage too. */
  readonly baseUrl: string;
  /** Address of a product below the route. */
  productUrl(product: string): string;
}

/**
 * Starts it once for a test file; call `stop` in `afterAll`.
 * @param env settings that differ, e.g. `KOOGATE_SELLER_URL` and `KOOGATE_SELLER_SECRET`
 */
export async function startServer(env: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const stage = await setUpStage(env);
  const { route } = stage.server.run;
  return { ...stage, baseUrl: new URL(route).origin, productUrl: (product) => `${route}/${product}` };
}
