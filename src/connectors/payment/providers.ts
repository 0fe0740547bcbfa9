import type { PaymentSettings } from '../../domain/office/connectors/payment.ts';
import type { PaymentProvider } from '../../features/service/payments/types.ts';
import { mayPretend } from '../../lib/http/loopback.ts';
import { createDemoPayment } from './demo.ts';
import { createRedsys } from './redsys/redsys.ts';

export interface PaymentAdaptersDeps {
  /** The public address, without a trailing slash. */
  baseUrl: string;
  /** Where a demo is served to the own network. */
  lan?: { url: string } | null;
  /** What the bank gave to the town; null: the environment has none. */
  secret: string | null;
  /** Log of codes only. */
  log: { warn(what: object, message: string): void };
}

/** Returns the adapter for the settings of the town file; null: nothing can be paid here. */
export function paymentAdapter({ baseUrl, lan, secret, log }: PaymentAdaptersDeps) {
  return (settings: PaymentSettings | null): PaymentProvider | null => {
    switch (settings?.kind) {
      case 'redsys':
        return secret === null ? null : createRedsys(settings, { secret, log });
      case 'demo':
        return mayPretend(baseUrl, lan) ? createDemoPayment(baseUrl) : null;
      default:
        return null;
    }
  };
}
