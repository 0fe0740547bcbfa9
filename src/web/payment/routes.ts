import { type Context, Hono } from 'hono';
import type { Logger } from 'pino';
import type { Payments } from '../../features/service/payments/service.ts';
import { isUnavailable } from '../../lib/db/database.ts';
import { formatError } from '../../lib/format-error.ts';
import type { SecurityLog } from '../../lib/security-events.ts';
import { FormError, readForm } from '../form.ts';
import { type Guards, mount, open, post } from '../routes.ts';

export interface PaymentRoutesDeps {
  payments: Pick<Payments, 'receive'>;
  security: SecurityLog;
  log: Pick<Logger, 'error'>;
  addressOf: (c: Context) => string;
}

const OPEN: Guards = { of: { open } };
const MOST_BYTES = 16 * 1024;

/**
 * `/payment/notification`: where the bank tells what became of a payment. It stands outside the limits of browsers, and is open while the citizen's side is
 * closed. Its only permission is the signature of what is sent.
 */
export function paymentRoutes(deps: PaymentRoutesDeps, guards: Guards = OPEN): Hono {
  const app = new Hono();
  const take = taking(deps);
  const handle = (c: Context) =>
    take(c).catch((error: unknown) => {
      if (error instanceof FormError) return c.text('', error.status);
      deps.log.error(formatError(error), 'A notification of a payment failed');
      return c.text('', isUnavailable(error) ? 503 : 500);
    });
  mount(app, [post('/payment/notification', 'open', handle)], guards);
  return app;
}

const taking =
  ({ payments, security, addressOf }: PaymentRoutesDeps) =>
  async (c: Context): Promise<Response> => {
    const form = await readForm(c, MOST_BYTES);
    const read = await payments.receive({
      version: form.text('Ds_SignatureVersion'),
      parameters: form.text('Ds_MerchantParameters'),
      signature: form.text('Ds_Signature'),
    });
    c.header('Cache-Control', 'no-store');
    if (read.ok) return c.text('OK');
    security.note('payment.refused', { what: read.reason }, addressOf(c));
    return c.text('', 400);
  };
