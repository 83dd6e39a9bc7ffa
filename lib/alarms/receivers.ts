import { hash } from 'node:crypto';
import type { Severity } from '../config/alarm-settings.ts';
import { checkedUrl, exchange } from '../http.ts';
import { signWebhook } from '../seller/http.ts';
import type { Message } from './message.ts';
import { RULES } from './rules.ts';

/** Somebody who hears of alarms. */
export interface Receiver {
  /** Name for the log; never an address. */
  readonly name: string;
  /** Least severity that is heard. Default `info`. */
  readonly from?: Severity;
  /** Sends a message. @throws Error that names neither address nor secret */
  send(message: Message, signal: AbortSignal): Promise<void>;
}

/** Bytes of an answer that are read. */
const ANSWER_LIMIT_BYTES = 64 * 1024;

/**
 * Gives what reads something once and keeps it; what could not be read is read again when it is needed next.
 */
export function kept<T>(read: () => Promise<T>): () => Promise<T> {
  let value: Promise<T> | undefined;
  return async () => {
    value ??= read();
    try {
      return await value;
    } catch (error) {
      value = undefined;
      throw error;
    }
  };
}

/**
 * Posts each message to an https address, signed as Standard Webhooks has it. A repeat of a message has the same id.
 * @param address gives `https://host/path#whsec_…`: the secret stands behind the number sign, and is never sent
 */
export function webhookReceiver(name: string, address: () => Promise<string>): Receiver {
  return {
    name,
    send: async (message, signal) => {
      const { url, secret } = webhookAddress(name, await address());
      const { from, at, subject, text } = message;
      const news = message.news.map(({ turn, sighting }) => ({
        turn,
        ...{ ...sighting, since: new Date(sighting.since).toISOString() },
        ...RULES[sighting.rule],
      }));
      const { severity, digest } = message;
      const body = JSON.stringify({
        type: digest === undefined ? 'koogate.alarms' : 'koogate.digest',
        timestamp: new Date(at).toISOString(),
        data: { from, severity, subject, text, ...(digest === undefined ? { news } : { digest }) },
      });
      const id = `alarm_${hash('sha256', body).slice(0, 32)}`;
      const sentAt = new Date(at);
      const headers = {
        'Content-Type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at / 1_000)),
        'webhook-signature': signWebhook(secret, id, sentAt, body),
      };
      const { status } = await exchange({ method: 'POST', url, headers, body, signal, limit: ANSWER_LIMIT_BYTES });
      if (status > 299) throw new Error(`Receiver ${name} answered HTTP ${status}, not 2xx.`);
    },
  };
}

/** Reads the address of a webhook. @throws Error that repeats nothing of it */
export function webhookAddress(name: string, text: string): { readonly url: URL; readonly secret: string } {
  const [address = '', secret = ''] = text.split('#');
  const url = checkedUrl(address, `receivers.${name}`);
  if (/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/.test(secret)) return { url, secret };
  throw new Error(
    `receivers.${name} must be https://host/path#whsec_…: behind the number sign stands the secret of Standard Webhooks, 24 to 64 bytes in base64.`,
  );
}
