import type { Config } from '../config.ts';
import {
  demoTransport,
  smsTransport,
  smtpTransport,
} from '../features/foundation/notices/service.ts';
import type { Transports } from '../features/foundation/notices/types.ts';

/** Returns the transports of notices: without a mail server or an SMS gateway they stay in the outbox, which demo mode shows. */
export function transportsOf(config: Config): Transports {
  const { smtpUrl, sms, mailFrom, mailBounces: bounces, baseUrl, demo } = config;
  const mayBePlain = config.withoutTls.has('SMTP_URL');
  return {
    ...(smtpUrl && {
      email: smtpTransport({ url: smtpUrl, mailFrom, bounces, baseUrl, mayBePlain }),
    }),
    ...(!smtpUrl && demo && { email: demoTransport }),
    ...(sms && { sms: smsTransport(sms) }),
    ...(!sms && demo && { sms: demoTransport }),
  };
}
