import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type Card, type PadesWishes, signPdf } from './pades.ts';

/** Sends a form to a servlet, as the program does: raw, in the body. Returns what it answers. */
export type Send = (url: string, body: string) => Promise<string>;

/** What the program does. `old`: it knows DES only. `modern`: it words failures as since version 1.10. */
export interface Behaviour extends PadesWishes {
  does?: 'sign' | 'cancel' | 'fail' | 'finds none' | 'stays';
  isOld?: boolean;
  isModern?: boolean;
  /** What it signs instead of what it fetched. */
  instead?: (document: Buffer) => Buffer;
}

/** What the program was asked, as it reads it. */
export interface Understood {
  parameters: ReadonlyMap<string, string>;
  document: Buffer;
  properties: string;
}

const urlParameters = (query: string): Map<string, string> =>
  new Map(
    query.split('&').map((each) => {
      const at = each.indexOf('=');
      return [each.slice(0, at), decodeURIComponent(each.slice(at + 1).replaceAll('+', ' '))];
    }),
  );

const unsafe = (text: string): Buffer =>
  Buffer.from(text.replaceAll('-', '+').replaceAll('_', '/'), 'base64');
const safe = (bytes: Buffer): string =>
  bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');

/** DES of eight bytes, which OpenSSL has as Triple DES with the same key three times. */
const des = (key: string) => Buffer.from(key + key + key, 'latin1');

function decipherDes(text: string, key: string): Buffer {
  const padding = Number(text[0]);
  const cipher = createDecipheriv('des-ede3-ecb', des(key), null);
  cipher.setAutoPadding(false);
  const bytes = Buffer.concat([cipher.update(unsafe(text.slice(2))), cipher.final()]);
  return bytes.subarray(0, bytes.length - padding);
}

function encipherDes(data: Buffer, key: string): string {
  const padding = (8 - (data.length % 8)) % 8;
  const cipher = createCipheriv('des-ede3-ecb', des(key), null);
  cipher.setAutoPadding(false);
  return `${padding}.${safe(Buffer.concat([cipher.update(Buffer.concat([data, Buffer.alloc(padding)])), cipher.final()]))}`;
}

function encipherAes(data: Buffer, config: string): string {
  const { key, iv } = JSON.parse(Buffer.from(config, 'base64').toString()) as Record<
    'key' | 'iv',
    string
  >;
  const cipher = createCipheriv(
    'aes-256-cbc',
    Buffer.from(key, 'base64'),
    Buffer.from(iv, 'base64'),
  );
  return safe(Buffer.concat([cipher.update(data), cipher.final()]));
}

/** Checks an address as the program does (`UrlParameters`), and fetches what it is about. */
export async function fetchRequest(address: string, send: Send): Promise<Understood> {
  const plain = address.replace(/#Intent;.*$/, '').replace(/^intent:/, 'afirma:');
  const [, query] = /^afirma:\/\/sign\/?\?(.+)$/.exec(plain) ?? [];
  if (!query) throw new Error(`The program does not know ${address}`);
  const asked = urlParameters(query);
  const key = asked.get('key') ?? '';
  if (key.length !== 8) throw new Error('SAF_03: key');
  for (const name of ['rtservlet', 'stservlet']) {
    const url = asked.get(name) ?? '';
    if (!URL.canParse(url) || /[?=]/.test(url)) throw new Error(`SAF_03: ${name}`);
  }
  const file = asked.get('fileid') ?? '';
  if (!/^[a-z\d]{1,20}$/i.test(file)) throw new Error('SAF_03: fileid');
  const body = await send(asked.get('rtservlet') ?? '', `op=get&v=1_0&id=${file}`);
  if (/^err-/i.test(body)) throw new Error(`SAF_16: ${body}`);
  const xml = decipherDes(body.trim(), key).toString('utf8');
  const [, root] = /^<(\w+)>/.exec(xml) ?? [];
  const parameters = new Map(
    [...xml.matchAll(/<e k="([^"]*)" v="([^"]*)"\/>/g)].map(([, name = '', value = '']) => [
      name,
      decodeURIComponent(value.replaceAll('+', ' ')),
    ]),
  );
  if (root !== 'sign' || parameters.get('format') !== 'PAdES') throw new Error('SAF_06');
  if (!/^[a-z\d]{1,20}$/i.test(parameters.get('id') ?? '')) throw new Error('SAF_03: id');
  return {
    parameters,
    document: unsafe(parameters.get('dat') ?? ''),
    properties: unsafe(parameters.get('properties') ?? '').toString('utf8'),
  };
}

/**
 * A stand-in for AutoFirma (ctt-gob-es/clienteafirma): it is opened by an address, fetches through the intermediate servlet, signs, and puts the
 * certificate and the signature there, each enciphered; or says why not. Returns what the storage answered; null: it put nothing.
 */
export async function autofirma(
  address: string,
  card: Card,
  send: Send,
  behaviour: Behaviour = {},
): Promise<string | null> {
  const { does = 'sign', isOld = false, isModern = false, instead } = behaviour;
  const { parameters, document, properties } = await fetchRequest(address, send);
  const of = (name: string) => parameters.get(name) ?? '';
  const put = (data: string) => send(of('stservlet'), `op=put&v=1_0&id=${of('id')}&dat=${data}`);
  if (of('aw') === 'true') await put('#WAIT');
  switch (does) {
    case 'stays':
      return null;
    case 'cancel':
      return put(isModern ? 'err-11:=AF500001 - Operacion cancelada por el usuario' : 'CANCEL');
    case 'fail':
      return put(isModern ? 'err-00:=AF200101 - Error' : 'SAF_09: Error en la operación de firma');
    case 'finds none':
      return put(
        isModern
          ? 'err-00:=AF501001 - No se han encontrado certificados'
          : 'SAF_19: Sin certificados',
      );
    default: {
      if (!/^alwaysCreateRevision=true$/m.test(properties)) throw new Error('It is written anew');
      const signed = signPdf(instead ? instead(document) : document, card, behaviour);
      const encipher = (data: Buffer) =>
        isOld ? encipherDes(data, of('key')) : encipherAes(data, of('cipher'));
      const extra = Number(of('ver')) >= 3 ? `|${encipher(Buffer.from('{"filename": "x"}'))}` : '';
      return put(`${encipher(card.own.der)}|${encipher(signed)}${extra}`);
    }
  }
}
