import { createTransport } from 'nodemailer';
import { bounceMailbox } from '../../features/foundation/notices/service.ts';
import { mailSecurity } from '../../lib/encryption.ts';
import { type Finding, right, wrong } from './report.ts';

/** Connects, sends EHLO and signs in, as the service would. Sends no mail. */
export async function aboutMailServer(smtpUrl: string, mayBePlain = false): Promise<Finding> {
  const mailer = createTransport({
    url: smtpUrl,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 10_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...mailSecurity(smtpUrl, mayBePlain),
  });
  const { host } = new URL(smtpUrl);
  try {
    await mailer.verify();
    return right(`The mail server ${host} takes our mails.`);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return wrong(
      `The mail server ${host}: ${message.split('\n')[0]}`,
      WHAT_TO_DO[code] ?? WHAT_TO_DO.OTHER,
    );
  } finally {
    mailer.close();
  }
}

/** Signs in to the mailbox of reports and opens it, as the worker does. Reads no mail. */
export async function aboutBounces(bouncesUrl: string): Promise<Finding> {
  const { host } = new URL(bouncesUrl);
  try {
    await bounceMailbox({ url: bouncesUrl, take: async () => false }).visit();
    return right(`The mailbox of reports on ${host} can be read.`);
  } catch (error) {
    const { message, responseText } = error as Error & { responseText?: string };
    return wrong(
      `The mailbox of reports on ${host}: ${responseText ?? message}`,
      'Are the user, password and mailbox of BOUNCES_URL right, and does the firewall let us through?',
    );
  }
}

const WHAT_TO_DO: Record<string, string> & { OTHER: string } = {
  EAUTH: 'It refuses the user or password of SMTP_URL.',
  EDNS: 'Correct the name in SMTP_URL.',
  ETLS: 'Its certificate or encryption is not right: smtps:// is for port 465, smtp:// for 587 and 25. NODE_EXTRA_CA_CERTS names the file of an authority of your own.',
  OTHER: 'Is SMTP_URL right, does the server run, and does the firewall let us through?',
};
