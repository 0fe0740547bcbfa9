import type { ProviderSettings } from '../../domain/office/identity.ts';
import type { IdentityProvider } from '../../features/foundation/identification/types.ts';
import type { Clock } from '../../lib/clock.ts';
import { mayPretend } from '../../lib/http/loopback.ts';
import { NO_SECRETS, type ProviderSecrets } from '../../lib/provider-secrets.ts';
import { createDemo } from './demo/demo.ts';
import { createOidc } from './oidc/provider.ts';
import { createSaml } from './saml/saml.ts';
import { createValid } from './valid/provider.ts';
import { createWallet } from './wallet/wallet.ts';

export interface AdaptersDeps {
  /** The public address, without a trailing slash. */
  baseUrl: string;
  /** Where a demo is served to the own network. */
  lan?: { url: string } | null;
  /** The secrets of providers, by code. */
  secrets: ReadonlyMap<string, ProviderSecrets>;
  /** The machine's clock, not the demonstration's: it is compared with that of the providers. */
  clock: Clock;
  /** Log of codes only, without personal data. */
  log: { warn(what: object, message: string): void };
}

/** Returns the adapters of the providers in the town file, each made once. Null: the provider can't be used here. */
export function identityAdapters(deps: AdaptersDeps) {
  const made = new Map<string, IdentityProvider | null>();
  return (settings: ProviderSettings): IdentityProvider | null => {
    const key = JSON.stringify(settings);
    const known = made.get(key);
    if (known !== undefined) return known;
    const adapter = adapterOf(settings, deps);
    made.set(key, adapter);
    return adapter;
  };
}

function adapterOf(
  settings: ProviderSettings,
  { baseUrl, lan, secrets, clock, log }: AdaptersDeps,
): IdentityProvider | null {
  const own = secrets.get(settings.code) ?? NO_SECRETS;
  switch (settings.kind) {
    case 'valid':
      return createValid(settings, own, { clock, log });
    case 'oidc':
      return createOidc(settings, own, { clock, log });
    case 'saml':
      return createSaml(settings, own, { clock, log });
    case 'wallet':
      return createWallet(settings, own, { clock, log });
    case 'demo':
      return mayPretend(baseUrl, lan) ? createDemo({ clock }) : null;
  }
}

/** The stand-in of a demonstration whose town file names no provider. */
export const DEMO_PROVIDER: ProviderSettings = {
  kind: 'demo',
  code: 'demo',
  name: {
    ca: 'Identitat de demostració',
    es: 'Identidad de demostración',
    en: 'Demonstration identity',
    eu: 'Erakustaldiko nortasuna',
  },
  note: {
    ca: 'No és de debò: tries una persona inventada.',
    es: 'No es de verdad: eliges una persona inventada.',
    en: 'Not a real one: you choose an invented person.',
    eu: 'Ez da benetakoa: asmatutako pertsona bat aukeratzen duzu.',
  },
};
