import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RedsysSettings } from '../../../domain/office/connectors/payment.ts';
import type { Sent } from '../../../features/service/payments/types.ts';
import { decode, signed } from './parameters.ts';
import { isSigned, type SignatureVersion, sign } from './signature.ts';

/** The secret, merchant and terminal of the public test environment of Redsys. */
export const TEST_SECRET = 'sq7HjrUOBfKmC576ILgskD5srU870gJ7';
export const TEST_MERCHANT = '999008881';

/** An order as the stand-in has it. */
export interface Operation {
  order: string;
  cents: number;
  notifyUrl: string;
  paidUrl: string;
  failedUrl: string;
  version: SignatureVersion;
  /** The answer; null: the person is still on the page. */
  code: string | null;
  isRefunded: boolean;
}

/** How a notification goes wrong. */
export interface Wrong {
  secret?: string;
  merchant?: string;
  cents?: number;
  currency?: string;
}

/**
 * Redsys, as its documentation has it, on a port of this machine: it reads the form of a browser, sends notifications, answers the SOAP query and REST
 * refunds. `isAway`: it answers nothing.
 */
export interface StandIn {
  settings: RedsysSettings;
  operations: Map<string, Operation>;
  isAway: boolean;
  /** Whether it refuses to answer the query of operations, as for a terminal that may not ask. */
  isMute: boolean;
  /** How often money went back. */
  refunds: number;
  /** Opens the page of the bank with the fields of a form. Returns the error of Redsys; null: the page is shown. */
  open(fields: Readonly<Record<string, string>>): string | null;
  /** The person pays, or not. */
  decide(order: string, code: string): void;
  /** Returns the notification of an order. */
  notification(order: string, wrong?: Wrong): Sent;
  close(): Promise<void>;
}

export async function standInForRedsys(
  version: SignatureVersion = 'HMAC_SHA512_V2',
): Promise<StandIn> {
  const server = createServer((request, response) => {
    void answer(standIn, request).then(({ status, type, body }) => {
      response.writeHead(status, { 'Content-Type': type });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const standIn = standInAt(server, version);
  return standIn;
}

function standInAt(server: Server, signature: SignatureVersion): StandIn {
  const { port } = server.address() as AddressInfo;
  const operations = new Map<string, Operation>();
  return {
    settings: {
      kind: 'redsys',
      merchant: TEST_MERCHANT,
      terminal: 1,
      environment: 'test',
      signature,
      endpoint: `http://127.0.0.1:${port}`,
    },
    operations,
    isAway: false,
    isMute: false,
    refunds: 0,
    open: (fields) => open(operations, fields),
    decide: (order, code) => {
      const found = operations.get(order);
      if (found && found.code === null) found.code = code;
    },
    notification: (order, wrong = {}) => {
      const found = operations.get(order);
      if (!found) throw new Error(`Redsys has no order ${order}`);
      return notificationOf(found, '0', found.code ?? '', wrong);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Reads what a browser brought, with the errors of Redsys: a wrong signature, an order that was there. */
function open(
  operations: Map<string, Operation>,
  fields: Readonly<Record<string, string>>,
): string | null {
  const parameters = fields['Ds_MerchantParameters'] ?? '';
  const values = decode(parameters) ?? {};
  const order = values['DS_MERCHANT_ORDER'] ?? '';
  const version = fields['Ds_SignatureVersion'] as SignatureVersion;
  const signature = fields['Ds_Signature'] ?? '';
  const of = { secret: TEST_SECRET, order, parameters };
  if (!isSigned(version, { ...of, signature })) return 'SIS0042';
  if (values['DS_MERCHANT_MERCHANTCODE'] !== TEST_MERCHANT) return 'SIS0026';
  if (!/^\d{4}[\dA-Za-z]{0,8}$/.test(order)) return 'SIS0076';
  if (!/^[1-9]\d*$/.test(values['DS_MERCHANT_AMOUNT'] ?? '')) return 'SIS0018';
  if (operations.has(order)) return 'SIS0051';
  operations.set(order, {
    order,
    cents: Number(values['DS_MERCHANT_AMOUNT']),
    notifyUrl: values['DS_MERCHANT_MERCHANTURL'] ?? '',
    paidUrl: values['DS_MERCHANT_URLOK'] ?? '',
    failedUrl: values['DS_MERCHANT_URLKO'] ?? '',
    version,
    code: null,
    isRefunded: false,
  });
  return null;
}

function notificationOf(
  { order, cents, version }: Operation,
  type: string,
  code: string,
  wrong: Wrong,
): Sent {
  const isPaid = Number(code) <= 99 || code === '0900';
  const values = {
    Ds_Date: '29%2F11%2F2026',
    Ds_Hour: '12%3A03',
    Ds_SecurePayment: '1',
    Ds_Amount: String(wrong.cents ?? cents),
    Ds_Currency: wrong.currency ?? '978',
    Ds_Order: order,
    Ds_MerchantCode: wrong.merchant ?? TEST_MERCHANT,
    Ds_Terminal: '001',
    Ds_Response: code,
    Ds_TransactionType: type,
    Ds_ConsumerLanguage: '3',
    ...(isPaid && { Ds_AuthorisationCode: '082150' }),
  };
  const sent = signed(version, wrong.secret ?? TEST_SECRET, order, values);
  return {
    version: sent.Ds_SignatureVersion,
    parameters: sent.Ds_MerchantParameters,
    signature: sent.Ds_Signature,
  };
}

interface Answer {
  status: number;
  type: string;
  body: string;
}

async function answer(standIn: StandIn, request: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  if (standIn.isAway) return { status: 503, type: 'text/html', body: '<h1>Mantenimiento</h1>' };
  if (request.url === '/apl02/services/SerClsWSConsulta')
    return { status: 200, type: 'text/xml', body: queried(standIn, body) };
  if (request.url === '/sis/rest/trataPeticionREST')
    return { status: 200, type: 'application/json', body: refunded(standIn, body) };
  return { status: 404, type: 'text/plain', body: '' };
}

const inTag = (xml: string, name: string): string =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '';

function queried(standIn: StandIn, body: string): string {
  const message = /<!\[CDATA\[([\s\S]*)\]\]>/.exec(body)?.[1] ?? '';
  const parameters = /<Version .*<\/Version>/.exec(message)?.[0] ?? '';
  const order = inTag(parameters, 'Ds_Order');
  const of = { secret: TEST_SECRET, order, parameters };
  const isRight = sign('HMAC_SHA256_V1', of) === inTag(message, 'Signature');
  if (!isRight) return wrapped(error('XML0023'));
  if (standIn.isMute) return wrapped(error('XML0027'));
  const found = standIn.operations.get(order);
  const isRefund = inTag(parameters, 'Ds_TransactionType') === '3';
  if (!found || (isRefund && !found.isRefunded)) return wrapped(error('XML0024'));
  const code = isRefund ? '0900' : found.code;
  return wrapped(
    [
      '<Response Ds_Version="0.0">',
      `<Ds_MerchantCode>${TEST_MERCHANT}</Ds_MerchantCode><Ds_Terminal>1</Ds_Terminal>`,
      `<Ds_Order>${order}</Ds_Order><Ds_TransactionType>${isRefund ? 3 : 0}</Ds_TransactionType>`,
      `<Ds_Amount>${found.cents}</Ds_Amount><Ds_Currency>978</Ds_Currency>`,
      `<Ds_State>${code === null ? 'S' : 'F'}</Ds_State><Ds_Response>${code ?? '9998'}</Ds_Response>`,
      '<Ds_AuthorisationCode>082150</Ds_AuthorisationCode></Response>',
    ].join(''),
  );
}

const error = (code: string): string => `<ErrorMsg><Ds_ErrorCode>${code}</Ds_ErrorCode></ErrorMsg>`;

function wrapped(inner: string): string {
  const message = `<Messages><Version Ds_Version="0.0"><Message>${inner}</Message></Version></Messages>`;
  const text = message.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><p231:consultaOperacionesResponse xmlns:p231="http://webservices.apl02.redsys.es"><consultaOperacionesReturn>${text}</consultaOperacionesReturn></p231:consultaOperacionesResponse></soapenv:Body></soapenv:Envelope>`;
}

function refunded(standIn: StandIn, body: string): string {
  const fields = JSON.parse(body) as Record<string, string>;
  const parameters = fields['Ds_MerchantParameters'] ?? '';
  const values = decode(parameters) ?? {};
  const order = values['DS_MERCHANT_ORDER'] ?? '';
  const version = fields['Ds_SignatureVersion'] as SignatureVersion;
  const of = { secret: TEST_SECRET, order, parameters, signature: fields['Ds_Signature'] ?? '' };
  const found = standIn.operations.get(order);
  if (!isSigned(version, of)) return JSON.stringify({ errorCode: 'SIS0042' });
  if (!found || !(Number(found.code ?? '9998') <= 99))
    return JSON.stringify({ errorCode: 'SIS0054' });
  if (found.isRefunded) return JSON.stringify({ errorCode: 'SIS0057' });
  found.isRefunded = true;
  standIn.refunds++;
  const sent = notificationOf(found, '3', '0900', {});
  return JSON.stringify({
    Ds_SignatureVersion: sent.version,
    Ds_MerchantParameters: sent.parameters,
    Ds_Signature: sent.signature,
  });
}
