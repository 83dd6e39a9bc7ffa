import { createTransport } from 'nodemailer';
import type { Secrets } from '../secrets/secrets.ts';
import type { Message } from './message.ts';
import { kept, type Receiver } from './receivers.ts';

/** Milliseconds that a mail server may take over each step. */
const STEP_MS = 8_000;

/**
 * Sends each message by e-mail to all receivers of a stage; mail server and addresses are read once and kept.
 * @param onUnread hears at the start that they cannot be read
 */
export function mailReceiver(
  names: readonly string[],
  secrets: Pick<Secrets, 'mail' | 'receiver'>,
  onUnread: (error: unknown) => void = () => {},
): Receiver {
  const ready = kept(async () => {
    const [{ from, ...server }, to] = await Promise.all([
      secrets.mail(),
      Promise.all(names.map((name) => secrets.receiver(name))),
    ]);
    return { from, to, transport: mailTransport(server) };
  });
  ready().catch(onUnread);
  return {
    name: 'mail',
    send: async (message: Message) => {
      const { from, to, transport } = await ready();
      const { subject, text } = message;
      try {
        await transport.sendMail({
          from,
          to: [...to],
          subject: `${subject.en} / ${subject.zh}`,
          text: `${text.en}\n\n----\n\n${text.zh}\n`,
        });
      } catch (error) {
        const { code = 'unknown cause' } = Object(error) as { readonly code?: string };
        throw new Error(`The mail server did not take an alarm (${code}): look at mail of the secrets.`);
      }
    },
  };
}

/** Way to a mail server. */
export interface MailTransport {
  sendMail(mail: {
    readonly from: string;
    readonly to: string[];
    readonly subject: string;
    readonly text: string;
  }): Promise<unknown>;
  /** Signs in, and sends nothing. */
  verify(): Promise<unknown>;
  close(): void;
}

/** Opens the way to a mail server, encrypted wherever a password goes over it. */
export function mailTransport({
  host,
  port,
  user,
  password,
}: Omit<Awaited<ReturnType<Secrets['mail']>>, 'from'>): MailTransport {
  return createTransport({
    ...{ host, port, secure: port === 465 },
    requireTLS: port !== 465 && user !== undefined, // a password never goes out in the clear
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    ...{ connectionTimeout: STEP_MS, greetingTimeout: STEP_MS, socketTimeout: STEP_MS },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
}
