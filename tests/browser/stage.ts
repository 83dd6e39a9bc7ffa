import { startConsoleBeside } from '../../scripts/console/beside.ts';
import type { ConsoleServer } from '../../scripts/console/server.ts';
import { type Stage, setUpStage } from '../../scripts/dev/demo/stage.ts';
import { type ConsoleSeller, startConsoleSeller } from '../console/seller.ts';

/** A whole KooGate with its console, and beside it another seller's server that knows the same keys. */
export interface ConsoleStage {
  readonly stage: Stage;
  readonly console: ConsoleServer;
  readonly other: ConsoleSeller;
  stop(): Promise<void>;
}

export async function setUpConsole(): Promise<ConsoleStage> {
  const stage = await setUpStage();
  const keys = stage.secrets.products.demo?.accessKeys ?? {};
  const console = await startConsoleBeside(stage.server.run, { CONSOLE_PORT: '0' });
  const other = await startConsoleSeller({ base: [], kit: [], license: [], general: [], ...keys });
  return {
    stage,
    console,
    other,
    stop: async () => {
      await console.stop();
      await other.stop();
      await stage.stop();
    },
  };
}
