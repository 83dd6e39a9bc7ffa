import { createProduce } from '../../../../handlers/create-produce.ts';
import { produceDependencies } from '../../../../handlers/produce.ts';
import { createRuntime, type Environment } from '../../../../handlers/runtime.ts';
import { openPostgres } from '../../../../lib/table/postgres/open.ts';
import samples from '../../../dev/samples/samples.config.ts';

/** Makes the route of the sample shop on the PostgreSQL that the environment names, with a log that goes nowhere. */
export function produceFunctionOn(env: Environment) {
  const { KOOGATE_DATABASE: database = '', KOOGATE_TABLE: name = '' } = env;
  const runtime = createRuntime(samples, env, {
    table: (secrets) => openPostgres({ database, name, password: () => secrets.database() }),
    write: () => {},
  });
  return { produce: createProduce(produceDependencies(runtime)), log: runtime.log };
}
