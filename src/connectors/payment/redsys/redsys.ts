import { z } from 'zod';
import type { RedsysSettings } from '../../../domain/office/connectors/payment.ts';
import type {
  BankAnswer,
  PaymentProvider,
  Reading,
  Sent,
} from '../../../features/service/payments/types.ts';
import { limitedBody } from '../../../lib/http/limited-fetch.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { EUROS, openMessage, resultOf, signed, TYPES } from './parameters.ts';
import { type Account, answerIn, questionFor } from './query.ts';

/** Redsys's numbers of our languages. */
const LANGUAGE_CODES: Readonly<Record<Language, string>> = {
  ca: '3',
  es: '1',
  en: '2',
  eu: '13',
};

const ENVIRONMENTS = {
  real: 'https://sis.redsys.es',
  test: 'https://sis-t.redsys.es:25443',
} as const;

/** What is used of the settings. */
export type RedsysOf = Pick<
  RedsysSettings,
  'merchant' | 'terminal' | 'environment' | 'signature' | 'endpoint' | 'name'
>;

export interface RedsysOptions {
  secret: string;
  /** Log of codes only. */
  log: { warn(what: object, message: string): void };
  timeoutSeconds?: number;
  /** The page on which people pay, if it is another than that of Redsys. */
  pageUrl?: (language: Language) => string;
}

const TIMEOUT_SECONDS = 15;
const MOST_BYTES = 64 * 1024;

/**
 * Makes the adapter of the TPV Virtual of Redsys: the page of the bank by a form of the browser ("conexión por redirección"), refunds by
 * `trataPeticionREST`, and the SOAP query of operations.
 */
export function createRedsys(settings: RedsysOf, options: RedsysOptions): PaymentProvider {
  const { merchant, signature: version, name } = settings;
  const { secret, pageUrl } = options;
  const at = `${settings.endpoint ?? ENVIRONMENTS[settings.environment]}`.replace(/\/+$/, '');
  const account: Account = { merchant, terminal: String(settings.terminal), secret };
  const ask = asking(options);
  const common = {
    DS_MERCHANT_MERCHANTCODE: merchant,
    DS_MERCHANT_TERMINAL: account.terminal,
    DS_MERCHANT_CURRENCY: EUROS,
  };

  return {
    demo: null,

    departure: ({ order, cents, language, about, notifyUrl, paidUrl, failedUrl }) => ({
      url: pageUrl?.(language) ?? `${at}/sis/realizarPago`,
      fields: signed(version, secret, order, {
        ...common,
        DS_MERCHANT_ORDER: order,
        DS_MERCHANT_AMOUNT: String(cents),
        DS_MERCHANT_TRANSACTIONTYPE: TYPES.payment,
        DS_MERCHANT_MERCHANTURL: notifyUrl,
        DS_MERCHANT_URLOK: paidUrl,
        DS_MERCHANT_URLKO: failedUrl,
        DS_MERCHANT_CONSUMERLANGUAGE: LANGUAGE_CODES[language],
        DS_MERCHANT_PRODUCTDESCRIPTION: about.slice(0, 125),
        ...(name && { DS_MERCHANT_MERCHANTNAME: name }),
      }),
    }),

    read: (sent) => reading(sent, account),

    look: async (order, what) => {
      const answer = await ask(`${at}/apl02/services/SerClsWSConsulta`, {
        headers: { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: 'consultaOperaciones' },
        body: questionFor(account, order, what),
      });
      return answer.ok ? answerIn(answer.body, account, order, what) : answer;
    },

    refund: async (order, cents) => {
      const values = {
        ...common,
        DS_MERCHANT_ORDER: order,
        DS_MERCHANT_AMOUNT: String(cents),
        DS_MERCHANT_TRANSACTIONTYPE: TYPES.refund,
      };
      const answer = await ask(`${at}/sis/rest/trataPeticionREST`, {
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(signed(version, secret, order, values)),
      });
      return answer.ok ? refundIn(answer.body, account, order) : answer;
    },
  };
}

/** Returns what Redsys sent, if it is signed with our secret, and about our terminal. */
function reading(sent: Sent, { secret, merchant, terminal }: Account): Reading {
  const opened = openMessage(sent, secret);
  if (!opened.ok) return opened;
  const { order, values } = opened;
  const type = values['DS_TRANSACTIONTYPE'] ?? '';
  const isOurs =
    values['DS_MERCHANTCODE'] === merchant &&
    Number(values['DS_TERMINAL']) === Number(terminal) &&
    values['DS_CURRENCY'] === EUROS;
  if (!isOurs || (type !== TYPES.payment && type !== TYPES.refund))
    return { ok: false, reason: 'foreign', order };
  const what = type === TYPES.payment ? 'payment' : 'refund';
  const cents = Number(values['DS_AMOUNT']);
  if (!Number.isInteger(cents)) return { ok: false, reason: 'unreadable', order };
  const result = resultOf(what, values['DS_RESPONSE'] ?? '', values['DS_AUTHORISATIONCODE']);
  return { ok: true, order, cents, what, result };
}

type Asked = { ok: true; body: string } | Extract<BankAnswer, { ok: false }>;

/** Returns how requests are sent to Redsys. Redirects are not followed. */
const asking =
  ({ log, timeoutSeconds = TIMEOUT_SECONDS }: RedsysOptions) =>
  async (url: string, init: { headers: Record<string, string>; body: string }): Promise<Asked> => {
    const away = (code: string): Asked => {
      log.warn({ code }, 'The payment provider did not answer');
      return { ok: false, reason: 'away', code };
    };
    try {
      const signal = AbortSignal.timeout(timeoutSeconds * 1000);
      const response = await fetch(url, { ...init, method: 'POST', redirect: 'manual', signal });
      if (response.status !== 200) return away(`http_${response.status}`);
      return { ok: true, body: (await limitedBody(response, MOST_BYTES)).toString('utf8') };
    } catch (error) {
      return away(error instanceof Error && error.name === 'TimeoutError' ? 'timeout' : 'network');
    }
  };

const restAnswer = z.union([
  z.object({ errorCode: z.string().max(40) }),
  z.object({
    Ds_SignatureVersion: z.string(),
    Ds_MerchantParameters: z.string(),
    Ds_Signature: z.string(),
  }),
]);

function refundIn(body: string, account: Account, order: string): BankAnswer {
  const refused = (code: string): BankAnswer => ({ ok: false, reason: 'refused', code });
  const said = restAnswer.safeParse(jsonIn(body)).data;
  if (!said) return refused('unreadable');
  if ('errorCode' in said) return refused(said.errorCode);
  const read = reading(
    {
      version: said.Ds_SignatureVersion,
      parameters: said.Ds_MerchantParameters,
      signature: said.Ds_Signature,
    },
    account,
  );
  if (!read.ok) return refused(read.reason);
  if (read.order !== order || read.what !== 'refund') return refused('other_order');
  return { ok: true, result: read.result, cents: read.cents };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
