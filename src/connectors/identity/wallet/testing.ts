import {
  type CertificateWishes,
  type Issued,
  issueCertificate,
} from '../../../../e2e/support/identity/certificates.ts';
import { issuePid, type Pid, type PidWishes } from '../../../../e2e/support/identity/pid.ts';
import {
  createTestWallet,
  type Posted,
  type WalletWishes,
} from '../../../../e2e/support/identity/wallet.ts';
import type { SettingsOf } from '../../../domain/office/identity.ts';
import { identityProvider } from '../../../domain/office/identity.ts';
import type { Attempt, Departure } from '../../../features/foundation/identification/types.ts';
import { createWallet } from './wallet.ts';

export const NOW = Temporal.Instant.from('2026-12-28T10:00:00Z');
export const BASE = 'https://cites.vilaclara.example';
/** The machine's clock, which stands still. */
export const CLOCK = { now: () => NOW };
const DAY = 24;

/** A certificate that is valid around `NOW`, unless it is wanted otherwise. */
export const certificate = (wishes: Partial<CertificateWishes> & { subject: string }) =>
  issueCertificate({
    from: NOW.subtract({ hours: 30 * DAY }),
    until: NOW.add({ hours: 30 * DAY }),
    ...wishes,
  });

/** The town at work: its access certificate, the authority of person identification data, and the data of Rosa. */
export interface World {
  accessRoot: Issued;
  access: Issued;
  root: Issued;
  signer: Issued;
  pid: Pid;
}

export async function createWorld(): Promise<World> {
  const accessRoot = await certificate({ subject: 'CN=Access CA,C=ES', authority: {} });
  const access = await certificate({
    subject: 'CN=Ajuntament de Vilaclara,C=ES',
    by: accessRoot,
    hosts: [new URL(BASE).hostname],
  });
  const root = await certificate({ subject: 'CN=PID Authority,C=ES', authority: {} });
  const signer = await certificate({ subject: 'CN=PID Signer,C=ES', by: root });
  return { accessRoot, access, root, signer, pid: await pidOf([signer]) };
}

/** Issues data that are valid around `NOW`, unless they are wanted otherwise. */
export const pidOf = (chain: readonly Issued[], wishes: Partial<PidWishes> = {}): Promise<Pid> =>
  issuePid({
    chain,
    from: NOW.subtract({ hours: 1 }),
    until: NOW.add({ hours: DAY }),
    ...wishes,
  });

export const settingsOf = (
  { root }: Pick<World, 'root'>,
  more: Partial<SettingsOf<'wallet'>> = {},
): SettingsOf<'wallet'> =>
  identityProvider.parse({
    kind: 'wallet',
    code: 'cartera',
    name: { ca: 'Cartera digital' },
    issuers: [root.pem],
    ...more,
  }) as SettingsOf<'wallet'>;

export const attemptOf = (more: Partial<Attempt> = {}): Attempt => ({
  id: 'att1',
  baseUrl: BASE,
  returnUrl: `${BASE}/identify/cartera/return`,
  answerUrl: `${BASE}/identify/cartera/answer`,
  metadataUrl: `${BASE}/identify/cartera/metadata`,
  leftUrl: `${BASE}/identify/cartera/left`,
  checks: { state: 'theState0123456789', nonce: 'theNonce0123456789', verifier: 'v'.repeat(43) },
  level: 'substantial',
  isFresh: false,
  language: 'ca',
  kept: null,
  transaction: null,
  ...more,
});

/** Returns the provider, with a log that is kept. */
export function providerOf(world: World, more: Partial<SettingsOf<'wallet'>> = {}) {
  const logged: unknown[] = [];
  const secrets = { secret: null, key: world.access.keyPem, certificate: world.access.pem };
  const log = { warn: (...parts: unknown[]) => logged.push(parts) };
  const provider = createWallet(settingsOf(world, more), secrets, { clock: CLOCK, log });
  return { provider, logged };
}

export type Provider = ReturnType<typeof providerOf>['provider'];

/** Begins an attempt. Returns it as the service has it afterwards, and where the browser goes. */
export async function begun(provider: Provider, wishes: Partial<Attempt> = {}) {
  const attempt = attemptOf(wishes);
  const started = await provider.start(attempt);
  if (!started.ok || started.value.kind !== 'wallet') throw new Error(JSON.stringify(started));
  const departure: Extract<Departure, { kind: 'wallet' }> = started.value;
  return { attempt: { ...attempt, kept: departure.kept ?? null }, departure };
}

/** Returns the request that a page hands to the browser. */
export function requestOf({ request }: Extract<Departure, { kind: 'wallet' }>): string {
  if (!request) throw new Error('No request for the browser');
  return (request.data as { request: string }).request;
}

/** Returns the request that a wallet fetches. */
export async function requestFor(provider: Provider, attempt: Attempt): Promise<string> {
  const request = await provider.request?.(attempt, new URLSearchParams());
  if (!request?.ok) throw new Error('No request');
  return request.value.body;
}

/** Opens the link in a wallet. Returns what the wallet posted. */
export async function postedBy(
  provider: Provider,
  attempt: Attempt,
  link: string,
  wishes: WalletWishes,
): Promise<Posted> {
  let posted: Posted = {};
  const wallet = createTestWallet({
    ...wishes,
    fetch: async (uri, init) => {
      const body = new URLSearchParams(init?.body as URLSearchParams);
      if (String(uri) === `${BASE}/identify/cartera/request/${attempt.id}`) {
        const request = await provider.request?.(attempt, body);
        if (!request?.ok) throw new Error(JSON.stringify(request));
        const { contentType, body: text } = request.value;
        return new Response(text, { headers: { 'Content-Type': contentType } });
      }
      if (String(uri) !== `${BASE}/identify/cartera/answer/${attempt.id}`)
        throw new Error(`Nobody at ${uri}`);
      posted = Object.fromEntries(body);
      return Response.json({ redirect_uri: `${BASE}/identify/cartera/return?response_code=c` });
    },
  });
  await wallet.open(link);
  return posted;
}

/** Reads an answer. */
export const finished = (provider: Provider, attempt: Attempt, posted: Posted | null) =>
  provider.finish(
    {
      url: new URL(`${attempt.returnUrl}?response_code=c`),
      posted: posted && new URLSearchParams(posted),
    },
    attempt,
  );
