import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DOMParser } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';

/** What a stand-in does with petitions that are signed as they must be. */
export interface Front {
  /** Returns what a petition lacks of its schemas; null: nothing. */
  lacks(document: Document): string | null;
  carryOut(document: Document, response: ServerResponse, xml: string): void;
}

/** The synchronous front of the PCI, as its documentation and schemas have it. Petitions must be signed with the given certificate. */
export async function pciFront(
  { certificate, now }: { certificate: string; now(): Temporal.Instant },
  { lacks, carryOut }: Front,
): Promise<{ endpoint: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void bodyOf(request).then((xml) => {
      const document = new DOMParser().parseFromString(xml, 'text/xml');
      const wrong = faultIn(xml, document, { certificate, now: now() }) ?? lacks(document);
      if (wrong) answerFault(response, wrong);
      else carryOut(document, response, xml);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}/siri-proxy/services/Sincron`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with a state of the PCI, and with specific data. */
export function answerState(
  response: ServerResponse,
  code: string,
  words: string,
  specific = '',
): void {
  const xml = `<Respuesta xmlns="http://gencat.net/scsp/esquemes/respuesta"><Atributos><Estado><CodigoEstado>${code}</CodigoEstado><LiteralError>${words}</LiteralError></Estado></Atributos><Transmisiones><TransmisionDatos><DatosEspecificos>${specific}</DatosEspecificos></TransmisionDatos></Transmisiones></Respuesta>`;
  send(response, 200, `<procesaResponse xmlns="http://www.openuri.org/">${xml}</procesaResponse>`);
}

/** Answers with a fault of SOAP 1.1. */
export const answerFault = (response: ServerResponse, words: string): void =>
  send(
    response,
    500,
    `<s:Fault><faultcode>s:Client</faultcode><faultstring>${escaped(words)}</faultstring></s:Fault>`,
  );

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'text/xml; charset=utf-8' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`,
  );
}

const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';

/** Returns why a petition is refused: it isn't signed as the PCI demands, or lacks what its schemas demand; null: it is right. */
function faultIn(
  xml: string,
  document: Document,
  { certificate, now }: { certificate: string; now: Temporal.Instant },
): string | null {
  const token = textIn(document, 'BinarySecurityToken');
  if (token !== new X509Certificate(certificate).raw.toString('base64'))
    return 'Certificat desconegut';
  const reference = first(document, 'SecurityTokenReference')?.firstChild as Element | null;
  const referred = first(document, 'BinarySecurityToken')?.getAttributeNS(WSU, 'Id');
  if (reference?.getAttribute('URI') !== `#${referred}`) return 'No DirectReference';
  const signature = first(document, 'Signature');
  if (!signature) return 'Sense signatura';
  const checking = new SignedXml({ idMode: 'wssecurity', publicCert: certificate });
  checking.loadSignature(signature as unknown as Node);
  if (!checking.checkSignature(xml)) return 'Signatura incorrecta';
  const covered = checking.getSignedReferences().join('');
  for (const name of ['Body', 'Timestamp'])
    if (!new RegExp(`<(\\w+:)?${name}[ >]`).test(covered)) return `${name} sense signar`;
  const expires = Temporal.Instant.from(textIn(document, 'Expires'));
  if (Temporal.Instant.compare(expires, now) < 0) return 'Missatge caducat';
  for (const [name, form] of Object.entries(DEMANDED))
    if (!form.test(textIn(document, name))) return `${name} incorrecte`;
  return null;
}

/** What `pci3-peticion.xsd` demands, in its form. */
const DEMANDED: Record<string, RegExp> = {
  IdPeticion: /^.{1,100}$/,
  NumElementos: /^1$/,
  TimeStamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/,
  IdentificadorSolicitante: /^.{1,10}$/,
  NombreSolicitante: /^.{1,50}$/,
  Finalidad: /^.{1,250}$/,
  Consentimiento: /^(Si|Ley|NoOpo)$/,
};

export const first = (document: Document, name: string): Element | null =>
  document.getElementsByTagNameNS('*', name)[0] ?? null;

export const textIn = (document: Document, name: string): string =>
  first(document, name)?.textContent ?? '';

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
