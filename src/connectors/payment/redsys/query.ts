import { DOMParser } from '@xmldom/xmldom';
import type { BankAnswer } from '../../../features/service/payments/types.ts';
import { isOrder, resultOf, TYPES } from './parameters.ts';
import { sign } from './signature.ts';

/** Whose operations are asked for. */
export interface Account {
  merchant: string;
  terminal: string;
  secret: string;
}

/**
 * Returns the question what became of an order: the SOAP service "consultaOperaciones" of Redsys, which every terminal has. It is signed
 * with V1, whatever the terminal signs payments with.
 */
export function questionFor(
  { merchant, terminal, secret }: Account,
  order: string,
  what: 'payment' | 'refund',
): string {
  const parameters = [
    '<Version Ds_Version="0.0"><Message><Transaction>',
    `<Ds_MerchantCode>${merchant}</Ds_MerchantCode><Ds_Terminal>${terminal}</Ds_Terminal>`,
    `<Ds_Order>${order}</Ds_Order><Ds_TransactionType>${TYPES[what]}</Ds_TransactionType>`,
    '</Transaction></Message></Version>',
  ].join('');
  const signature = sign('HMAC_SHA256_V1', { secret, order, parameters });
  const message = `<Messages>${parameters}<Signature>${signature}</Signature><SignatureVersion>HMAC_SHA256_V1</SignatureVersion></Messages>`;
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:web="http://webservices.apl02.redsys.es">',
    `<soapenv:Header/><soapenv:Body><web:consultaOperaciones><cadenaXML><![CDATA[${message}]]></cadenaXML>`,
    '</web:consultaOperaciones></soapenv:Body></soapenv:Envelope>',
  ].join('');
}

/** The order is not known there: whoever was sent to the page never opened it, or never went on. */
const UNKNOWN = 'XML0024';
/** An operation that has ended. The others still wait for the person. */
const ENDED = 'F';

/** Reads the answer to `questionFor`. It comes over TLS; nothing in it is signed. */
export function answerIn(
  body: string,
  { merchant }: Pick<Account, 'merchant'>,
  order: string,
  what: 'payment' | 'refund',
): BankAnswer {
  const refused = (code: string): BankAnswer => ({ ok: false, reason: 'refused', code });
  const result = parsed(textOf(parsed(body), 'consultaOperacionesReturn') ?? '');
  if (!result) return refused('unreadable');
  const error = textOf(result, 'Ds_ErrorCode');
  if (error === UNKNOWN) return none('');
  if (error) return refused(error.slice(0, 20));
  const found = textOf(result, 'Ds_Order');
  if (!found || !isOrder(found) || found !== order) return refused('other_order');
  if (textOf(result, 'Ds_MerchantCode') !== merchant) return refused('other_merchant');
  const code = textOf(result, 'Ds_Response') ?? '';
  if (textOf(result, 'Ds_State') !== ENDED || code === '') return none(code);
  const cents = Number(textOf(result, 'Ds_Amount'));
  return {
    ok: true,
    result: resultOf(what, code, textOf(result, 'Ds_AuthorisationCode') ?? undefined),
    cents: Number.isInteger(cents) ? cents : null,
  };
}

const none = (code: string): BankAnswer => ({
  ok: true,
  result: { outcome: 'none', code, authorization: null },
  cents: null,
});

type Xml = ReturnType<DOMParser['parseFromString']>;

/** Returns a document; null: it is none. A document type is refused: it could name files and grow without end. */
function parsed(text: string): Xml | null {
  if (!text.trim() || /<!DOCTYPE|<!ENTITY/i.test(text)) return null;
  try {
    return new DOMParser({ errorHandler: fail }).parseFromString(text, 'text/xml');
  } catch {
    return null;
  }
}

const fail = (level: string, message: string): void => {
  if (level !== 'warning') throw new Error(message);
};

function textOf(document: Xml | null, name: string): string | null {
  const found = document?.getElementsByTagNameNS('*', name).item(0);
  return found?.textContent?.trim() ?? null;
}
