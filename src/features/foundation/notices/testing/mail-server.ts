import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { freePort } from '../../../../../e2e/support/processes.ts';

/** A mail server with configurable answers, which can stop and start again on the same port. */
export function mailServer() {
  const mail = {
    server: null as SMTPServer | null,
    port: 0,
    received: [] as ParsedMail[],
    /** The answers to MAIL, RCPT and after DATA; null: success. */
    refuse: {
      sender: () => null as string | null,
      rcpt: () => null as string | null,
      data: () => null as string | null,
    },
    async open() {
      mail.received = [];
      mail.refuse = { sender: () => null, rcpt: () => null, data: () => null };
      mail.port = await freePort();
      await mail.comeBack();
    },
    async comeBack() {
      const refusal = (text: string | null) =>
        text
          ? Object.assign(new Error(text.slice(4)), { responseCode: Number(text.slice(0, 3)) })
          : null;
      const server = new SMTPServer({
        disabledCommands: ['AUTH'],
        logger: false,
        onMailFrom: (_, __, callback) => callback(refusal(mail.refuse.sender())),
        onRcptTo: (_, __, callback) => callback(refusal(mail.refuse.rcpt())),
        onData: (stream, _, callback) => {
          simpleParser(stream).then((parsed) => {
            const no = refusal(mail.refuse.data());
            if (!no) mail.received.push(parsed);
            callback(no);
          }, callback);
        },
      });
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(mail.port, '127.0.0.1', resolve);
      });
      server.on('error', () => {});
      mail.server = server;
    },
    async close() {
      const { server } = mail;
      mail.server = null;
      if (server) await new Promise<void>((resolve) => server.close(resolve));
    },
  };
  return mail;
}
