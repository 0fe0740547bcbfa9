import { randomUUID } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import { limitedBody, TooLong } from '../../lib/http/limited-fetch.ts';
import type { SigningKey } from '../../lib/keys/registry.ts';
import { NotAnswered } from './answer.ts';
import { signedEnvelope } from './envelope.ts';
import { type Asker, type Petition, petitionMessage } from './message.ts';

export interface PciDeps {
  /** The address of the synchronous front. */
  endpoint: string;
  asker: Asker;
  /** Our key, with which requests are signed; null: the environment has none, and nothing can be asked. */
  key: SigningKey | null;
  /** The machine's clock, not the demonstration's: it is compared with that of the PCI. */
  clock: Clock;
  /** How long one request may take. The PCI took up to 100 seconds on bad days. */
  timeoutSeconds?: number;
}

/** The synchronous front of the Plataforma de Col·laboració Interadministrativa of the Consorci AOC (ConsorciAOC/PCI). */
export interface Pci {
  /** Returns a signed petition, which counts for some minutes. @throws NotAnswered */
  sign(petition: Petition): string;
  /** Posts a signed petition, and returns the answer as it came. Redirects are not followed. @throws NotAnswered */
  post(signed: string): Promise<string>;
  /** Signs and posts. @throws NotAnswered */
  ask(petition: Petition): Promise<string>;
}

/** Returns the way to the PCI. */
export function createPci(deps: PciDeps): Pci {
  const { endpoint, asker, key, clock, timeoutSeconds = 90 } = deps;
  const sign: Pci['sign'] = (petition) => {
    if (!key) throw new NotAnswered('refused', 'no_key');
    const now = clock.now();
    return signedEnvelope(petitionMessage(asker, petition, { id: randomUUID(), now }), key, now);
  };
  const post: Pci['post'] = (signed) => answerTo(endpoint, signed, timeoutSeconds);
  return { sign, post, ask: async (petition) => post(sign(petition)) };
}

const MOST_BYTES = 8 * 1024 * 1024;

async function answerTo(endpoint: string, body: string, timeoutSeconds: number): Promise<string> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'text/xml; charset=utf-8',
        SOAPAction: '"http://www.openuri.org/procesa"',
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutSeconds * 1000),
    });
    const text = (await limitedBody(response, MOST_BYTES)).toString('utf8');
    // A fault of SOAP 1.1 comes with 500.
    if (response.ok || (response.status === 500 && text.includes('Fault'))) return text;
    throw failureOf(response.status);
  } catch (error) {
    if (error instanceof NotAnswered) throw error;
    if (error instanceof TooLong) throw new NotAnswered('unclear', 'too_long');
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    throw new NotAnswered('away', isLate ? 'timeout' : 'network');
  }
}

const failureOf = (status: number): NotAnswered =>
  status >= 500 || status === 429
    ? new NotAnswered('away', `http_${status}`)
    : new NotAnswered('refused', `http_${status}`);
