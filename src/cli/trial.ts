import { createTrials } from '../features/foundation/notices/service.ts';
import type { NoticeChannel } from '../features/foundation/notices/types.ts';
import { systemClock } from '../lib/clock.ts';
import { transportsOf } from '../wiring/transports.ts';
import type { Call } from './commands.ts';
import { CommandError } from './error.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

const NONE: Record<NoticeChannel, string> = {
  email: 'SMTP_URL is not set, so no mail is sent.',
  sms: 'SMS_URL is not set, so no SMS is sent.',
};

/** Sends a test message past the outbox, and prints what the server answered. Needs no database. */
export async function sendTrial(channel: NoticeChannel, { config, words }: Call): Promise<number> {
  const [to] = words;
  if (!to)
    throw new CommandError(
      channel === 'sms'
        ? 'To which number? finestreta test sms +34…'
        : 'To whom? finestreta test mail ADDRESS',
    );
  const { smsLimits: limits } = config;
  // In demo mode mails and SMS go nowhere: the demo's transports are no servers.
  const transports = () => transportsOf({ ...config, demo: false });
  const sent = await createTrials({ transports, limits, clock: systemClock }).send({
    channel,
    to,
    language: 'en',
    subject: 'A test of Finestreta',
    text: `Finestreta at ${config.baseUrl} sends messages to citizens. This is a test: there is nothing to do.`,
  });
  if (sent.ok) {
    print(`The server took it, and said: ${sent.answer || '(nothing)'}`);
    return 0;
  }
  switch (sent.reason) {
    case 'none':
      throw new CommandError(NONE[channel]);
    case 'invalid':
      throw new CommandError(
        channel === 'sms'
          ? `${to} is no number in international form, such as +34 600 123 456.`
          : `${to} is no mail address.`,
      );
    case 'unreached':
      throw new CommandError(
        `SMS don't go to ${to}: it is no mobile, or SMS_PREFIXES leaves it out.`,
      );
    case 'refused':
      print(`The server refused it (${sent.code}), and said: ${sent.answer}`);
      return 1;
    case 'away':
      print(`No server answered (${sent.code}): ${sent.answer}`);
      return 1;
  }
}
