import type {
  DemoAnswer,
  DemoAsked,
  PaymentProvider,
  Sent,
} from '../../features/service/payments/types.ts';
import { decode, signed } from './redsys/parameters.ts';
import { createRedsys } from './redsys/redsys.ts';
import { isSigned } from './redsys/signature.ts';

const VERSION = 'HMAC_SHA512_V2';
const MERCHANT = '999008881';
/** Everybody can read it here, so it is used only where BASE_URL is this machine. */
const SECRET = 'ZmluZXN0cmV0YS1kZW1vLTAwMDAwMDAw';

/**
 * Returns the stand-in for demonstrations. It speaks the protocol of Redsys; its page is ours, says that it is a stand-in, and takes no card.
 * It is made only where BASE_URL is this machine.
 */
export function createDemoPayment(baseUrl: string): PaymentProvider {
  const provider = createRedsys(
    { merchant: MERCHANT, terminal: 1, environment: 'test', signature: VERSION },
    {
      secret: SECRET,
      log: { warn: () => {} },
      pageUrl: (language) => `${baseUrl}/${language}/payment/demo`,
    },
  );
  const result = { outcome: 'none', code: '', authorization: null } as const;
  return {
    ...provider,
    demo: { open: demoAsked, answer: demoNotification },
    look: async () => ({ ok: true, result, cents: null }),
    refund: async (_, cents) => ({
      ok: true,
      result: { outcome: 'done', code: '0900', authorization: null },
      cents,
    }),
  };
}

/** Reads what a browser brought to the page of the demonstration; null: it isn't signed by it. */
function demoAsked({ version, parameters, signature }: Sent): DemoAsked | null {
  const values = decode(parameters);
  const order = values?.['DS_MERCHANT_ORDER'] ?? '';
  if (!values || version !== VERSION) return null;
  if (!isSigned(VERSION, { secret: SECRET, order, parameters, signature })) return null;
  return {
    order,
    cents: Number(values['DS_MERCHANT_AMOUNT']),
    paidUrl: values['DS_MERCHANT_URLOK'] ?? '',
    failedUrl: values['DS_MERCHANT_URLKO'] ?? '',
  };
}

const CODES: Readonly<Record<DemoAnswer, string>> = { pay: '0000', deny: '0190', leave: '9915' };

/** Returns the notification of the demonstration. */
function demoNotification({ order, cents }: DemoAsked, answer: DemoAnswer): Sent {
  const sent = signed(VERSION, SECRET, order, {
    Ds_Order: order,
    Ds_Amount: String(cents),
    Ds_Currency: '978',
    Ds_MerchantCode: MERCHANT,
    Ds_Terminal: '1',
    Ds_TransactionType: '0',
    Ds_Response: CODES[answer],
    ...(answer === 'pay' && { Ds_AuthorisationCode: '123456' }),
  });
  return {
    version: sent.Ds_SignatureVersion,
    parameters: sent.Ds_MerchantParameters,
    signature: sent.Ds_Signature,
  };
}
