import { randomUUID } from 'node:crypto';
import { type Alarms, createAlarms } from '../lib/alarms/alarms.ts';
import { reasonOf } from '../lib/alarms/delivery.ts';
import { createObservations } from '../lib/alarms/observations.ts';
import { type ReceiverTools, receiversOf } from '../lib/alarms/of-stage.ts';
import { type Config, LOCAL_STAGE } from '../lib/config/config.ts';
import { resolveStage } from '../lib/config/stage.ts';
import { exchange } from '../lib/http.ts';
import { readCertificate } from '../lib/operations/certificate.ts';
import { createDigest } from '../lib/operations/digest/digest.ts';
import type { Environment, Runtime } from './runtime.ts';

/** Milliseconds that the call of a heartbeat may take. */
const BEAT_MS = 5_000;
const BEAT_LIMIT_BYTES = 64 * 1024;

/** Alarms as the sweep calls them. */
export interface SweepAlarms extends Alarms {
  /** Calls the heartbeat's address, if the stage has one: somebody outside misses it when sweeps end. */
  beat(): Promise<void>;
}

/**
 * Makes the alarms of a stage; the local run has none.
 * @param mail makes what sends e-mail to a group of receivers, in the host's own way
 */
export function alarmsOf(
  config: Config,
  env: Environment,
  runtime: Pick<Runtime, 'table' | 'secrets' | 'log' | 'clock' | 'isOpen' | 'products' | 'hmacKeys'>,
  mail: ReceiverTools['mail'],
): SweepAlarms | undefined {
  const name = env.KOOGATE_STAGE ?? LOCAL_STAGE;
  if (name === LOCAL_STAGE) return undefined;
  const { table, secrets, log, clock } = runtime;
  const stage = resolveStage(config, name);
  const { heartbeat, offSale } = stage;
  const onUnread = (receiver: string, error: unknown) =>
    log.warn('A receiver of alarms cannot be told: its address or the mail server cannot be read.', {
      receiver,
      reason: reasonOf(error),
    });
  const from = `${config.service} ${name}`;
  const owner = randomUUID();
  const receivers = receiversOf(stage, { secrets, clock, mail, onUnread });
  const alarms = createAlarms({
    ...{ table, log, clock },
    ...(runtime.isOpen === undefined ? {} : { isOpen: runtime.isOpen }),
    products: [...config.products.values()].map(({ id }) => ({ id, onSale: !offSale.has(id) })),
    ...{ receivers, from, owner },
    observations: createObservations(table, clock),
  });
  const { digest: hour } = stage.alarms;
  const digest =
    hour === undefined
      ? undefined
      : createDigest({
          ...runtime,
          ...{ receivers, from, owner, hour, certificateOf: readCertificate },
          domain: stage.domain?.name,
        });
  return {
    ...alarms,
    look: async () => {
      const isWell = await alarms.look();
      if (isWell && (await runtime.isOpen?.()) !== false) await digest?.step();
      return isWell;
    },
    beat: async () => {
      if (heartbeat === undefined) return;
      try {
        const url = new URL(heartbeat);
        await exchange({ method: 'GET', url, headers: {}, timeout: BEAT_MS, limit: BEAT_LIMIT_BYTES });
      } catch (error) {
        log.warn('The heartbeat could not be called.', { reason: reasonOf(error) });
      }
    },
  };
}
