/**
 * The daily digest: what a seller wants to know of a day on which nothing rang. It goes on beside the looks of the alarms,
 * under a lease of its own, so that of several servers one sends it. First a round goes through the table, which
 * takes several looks where the table is large; a small one is waited for, else the digest has the root of the round before.
 *
 * It is sent once: should a process die between the sending and its record, it is sent once more.
 */

import { BEIJING_MS } from '../../alarms/delisting.ts';
import { deliverDigest } from '../../alarms/deliver-digest.ts';
import { reasonOf } from '../../alarms/delivery.ts';
import type { Receiver } from '../../alarms/receivers.ts';
import type { Products } from '../../config/products.ts';
import { giveBackLease, takeLease } from '../../instances/job-lease.ts';
import type { Log } from '../../log.ts';
import type { HmacKeys } from '../../secrets/secrets.ts';
import type { Table } from '../../table/table.ts';
import type { readCertificate, ServerCertificate } from '../certificate.ts';
import { readOverview } from '../overview.ts';
import { beginRound, walkOn } from './round.ts';
import { type DigestState, keepDigest, readDigest } from './state.ts';
import { digestMessage } from './text.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Milliseconds after the hour at which it is sent at the earliest: chats are busy on the hour. */
const AFTER_HOUR_MS = 4 * MINUTE_MS;
/** Milliseconds after the hour for which the round of the day is waited for. */
const ROUND_MS = 20 * MINUTE_MS;
/** Milliseconds after the hour at which a digest that nobody could be sent is given up. */
const LATEST_MS = 6 * 60 * MINUTE_MS;
/** Milliseconds that a step may take, after which another process goes on. */
const STEP_MS = 5 * MINUTE_MS;

/** Parts of the digest of an installation. */
export interface DigestOptions {
  readonly table: Table;
  readonly products: Products;
  readonly receivers: readonly Receiver[];
  /** Hour in Beijing. */
  readonly hour: number;
  /** Name of the installation. */
  readonly from: string;
  /** Name of this process, which nobody else has. */
  readonly owner: string;
  /** Domain whose certificate is looked at; undefined where the platform's own is used, or nobody knows. */
  readonly domain: string | undefined;
  readonly log: Log;
  /** Unix milliseconds. */
  clock(): number;
  /** Keys of the histories; without them there is no root. */
  hmacKeys?(): Promise<HmacKeys | undefined>;
  /** Reads the certificate that a server shows. */
  readonly certificateOf: typeof readCertificate;
}

/** The digest, as a process holds it. */
export interface DigestJob {
  /** Goes on with it, unless it is done for today or another process is at it. Never throws. */
  step(): Promise<void>;
}

/** Makes the digest. */
export function createDigest(options: DigestOptions): DigestJob {
  const { table, log, clock, owner } = options;
  let restUntil = 0;

  async function goOn(now: number): Promise<void> {
    const due = lastHour(now, options.hour);
    const lease = await takeLease(table, 'digest', { owner, now, until: now + STEP_MS });
    if (!lease.held) {
      restUntil = lease.until;
      return;
    }
    let next = now;
    try {
      const walked = await walk(await readDigest(table), due);
      const isWaitedFor = walked.finished?.until !== due && now < due + ROUND_MS;
      const isSent = walked.sentFor === due;
      const mayBeSent = now >= due + AFTER_HOUR_MS && !isWaitedFor && !isSent;
      const sent = mayBeSent && (await sendDigest(walked, due, now)) ? { ...walked, sentFor: due } : walked;
      if (sent !== walked) await keepDigest(table, sent);
      if (sent.sentFor === due && sent.round === undefined) next = due + DAY_MS;
    } finally {
      await giveBackLease(table, 'digest', { owner, next });
      restUntil = next;
    }
  }

  /** Reads a piece of the table for the day's round; there is none while the key of the histories cannot be had. */
  async function walk(state: DigestState, due: number): Promise<DigestState> {
    const { round = state.finished?.until === due ? undefined : beginRound(due), ...rest } = state;
    const key = (await options.hmacKeys?.().catch(() => undefined))?.audit;
    if (round === undefined || key === undefined) return rest;
    const walked = await walkOn(table, key, round, clock);
    return keepDigest(table, { ...rest, ...walked });
  }

  /** @returns whether it need not be sent again: somebody has it, or it is too late */
  async function sendDigest({ finished }: DigestState, due: number, now: number): Promise<boolean> {
    if (now > due + LATEST_MS) return true;
    const overview = await readOverview(table, options.products, now);
    const certificate = options.domain === undefined ? undefined : await certificateAt(options.domain, now);
    const message = digestMessage(options.from, { overview, certificate, finished });
    return deliverDigest(options, message, now);
  }

  async function certificateAt(host: string, now: number): Promise<SeenCertificate> {
    try {
      return { host, ...(await options.certificateOf({ host, now })) };
    } catch (error) {
      return { host, problem: reasonOf(error) };
    }
  }

  return {
    step: async () => {
      const now = clock();
      if (now < restUntil) return;
      try {
        await goOn(now);
      } catch (error) {
        log.error('The daily digest cannot go on.', error);
      }
    },
  };
}

/** A certificate, or why it could not be seen. */
export type SeenCertificate = { readonly host: string } & (ServerCertificate | { readonly problem: string });

/** Gives the last moment at which it was that hour in Beijing. */
function lastHour(now: number, hour: number): number {
  const beijing = now + BEIJING_MS - hour * 3_600_000;
  return beijing - (beijing % DAY_MS) + hour * 3_600_000 - BEIJING_MS;
}
