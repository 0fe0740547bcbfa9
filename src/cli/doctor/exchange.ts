import type { TownState } from '../../domain/office/state.ts';
import type { SipSecrets } from '../../features/service/softphone/service.ts';
import { type Finding, right, wrong } from './report.ts';

const WITHIN_MS = 5_000;

/** Opens a WebSocket to each office's exchange, as a desk's browser does, and checks that each desk has a password. Makes no calls. */
export async function aboutExchanges(town: TownState, secrets: SipSecrets): Promise<Finding[]> {
  const offices = [...town.offices].flatMap(([code, { settings }]) =>
    settings.phone?.exchange ? [{ code, exchange: settings.phone.exchange }] : [],
  );
  return Promise.all(
    offices.map(async ({ code, exchange: { url, domain, desks } }) => {
      const without = Object.values(desks).filter(
        (each) => secrets.secret === null && !secrets.passwords[`${each}@${domain}`],
      );
      if (without.length > 0)
        return wrong(
          `The exchange of ${code} knows no password of: ${without.join(', ')}.`,
          'Set SIP_SECRET, or name these extensions in SIP_PASSWORDS.',
        );
      return (await takesSip(url))
        ? right(`The exchange of ${code} takes WebSockets.`)
        : wrong(
            `The exchange of ${code} takes no WebSocket at ${url}.`,
            'Is the address in the town file right, its certificate valid, and does the firewall let us and the desks through?',
          );
    }),
  );
}

/** Returns whether it opens a WebSocket for SIP (RFC 7118). */
function takesSip(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, 'sip');
    const done = (answer: boolean) => {
      clearTimeout(patience);
      socket.close();
      resolve(answer);
    };
    const patience = setTimeout(done, WITHIN_MS, false);
    socket.addEventListener('open', () => done(true));
    socket.addEventListener('error', () => done(false));
  });
}
