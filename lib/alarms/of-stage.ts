import { type Severity, severityOf } from '../config/alarm-settings.ts';
import type { Stage } from '../config/stage.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { kept, type Receiver, webhookReceiver } from './receivers.ts';
import { robotReceiver } from './robots.ts';

/** Receivers that one sender of e-mail tells together: those who hear of the same. */
export interface MailGroup {
  readonly names: readonly string[];
  readonly from: Severity;
  /** The stage has no other group. */
  readonly isOnly: boolean;
}

/** Means by which receivers are reached. */
export interface ReceiverTools {
  readonly secrets: Pick<Secrets, 'receiver'>;
  /** Unix milliseconds. */
  readonly clock: () => number;
  /** Makes what sends e-mail, in the host's own way. @param onUnread told at the start that addresses cannot be read */
  mail(group: MailGroup, onUnread: (error: unknown) => void): Receiver | undefined;
  /** Told at the start that an address cannot be read; it is read again when there is something to tell. */
  onUnread?(receiver: string, error: unknown): void;
}

/** Makes all receivers of a stage; addresses are read at once and kept, so that an outage of the secrets can be told. */
export function receiversOf(
  { receivers, webhooks, alarms }: Pick<Stage, 'receivers' | 'webhooks' | 'alarms'>,
  { secrets, clock, mail, onUnread }: ReceiverTools,
): readonly Receiver[] {
  const addressOf = (name: string) => {
    const address = kept(() => secrets.receiver(name));
    address().catch((error: unknown) => onUnread?.(name, error));
    return address;
  };
  const posted = [
    ...webhooks.map((name) => webhookReceiver(name, addressOf(name))),
    ...Object.entries(alarms.robots ?? {}).map(([name, kind]) =>
      robotReceiver(name, kind, addressOf(name), { now: clock }),
    ),
  ];
  const mailed = mailGroups(receivers, (name) => severityOf(alarms, name)).flatMap((group) => {
    const receiver = mail(group, (error) => onUnread?.(group.names.join(', '), error));
    return receiver === undefined ? [] : [{ ...receiver, name: `${receiver.name}:${group.from}`, from: group.from }];
  });
  return [...mailed, ...posted.map((receiver) => ({ ...receiver, from: severityOf(alarms, receiver.name) }))];
}

function mailGroups(receivers: readonly string[], severity: (name: string) => Severity): readonly MailGroup[] {
  const severities = [...new Set(receivers.map(severity))];
  return severities.map((from) => ({
    names: receivers.filter((name) => severity(name) === from),
    from,
    isOnly: severities.length === 1,
  }));
}
