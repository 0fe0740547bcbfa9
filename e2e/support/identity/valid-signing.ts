import { generateKeyPairSync, randomUUID, X509Certificate } from 'node:crypto';
import {
  enveloped,
  ordinaryMessage,
  type XmlSigner,
} from '../../../src/connectors/signature/xades/write.ts';
import { selfSigned } from '../../../src/lib/seal/demo.ts';
import type { ValidPerson } from './valid.ts';

/** What a signature of the stand-in has wrong in it, if anything. */
export type WrongSignature =
  | 'hash'
  | 'algorithm'
  | 'name'
  | 'person'
  | 'two'
  | 'changed'
  | 'no_xml'
  | 'empty';

/** What a person does on the page where they sign. */
export type SignChoice = 'OK' | 'CANCEL' | 'ERROR';

/** One thing that is asked to be signed (VALid2, 4.2). */
interface Asked {
  token: string;
  redirectUri: string;
  documents: { name: string; algorithm: string; hash: string }[];
  state: SignChoice | null;
}

type Json = { status: number; value: object };
const ko = (error: string): Json => ({ status: 200, value: { status: 'ko', error } });

/** The ordinary signature of the stand-in of VÀLid: section 4 of its documentation. */
export interface ValidSigner {
  /** With which it seals. */
  certificate: X509Certificate;
  wrong: WrongSignature | null;
  /** How its answer calls the code: the documentation and the examples differ. */
  codeName: 'signatureCode' | 'signature_code';
  init(body: string, personOf: (token: string) => ValidPerson | null): Json;
  fetch(body: string, personOf: (token: string) => ValidPerson | null): Json;
  /** Answers as the page does; null: nothing is asked by this code. */
  choose(code: string, choice: SignChoice): string | null;
  isAsked(code: string): boolean;
}

function signerOf(): XmlSigner {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = selfSigned(
    privateKey,
    publicKey.export({ type: 'spki', format: 'der' }),
    'VÀLid de proves',
  );
  return { key: privateKey, certificate: new X509Certificate(der) };
}

/** Makes the part of the stand-in that signs. `redirectUris`: those that are registered. */
export function validSigner(redirectUris: readonly string[]): ValidSigner {
  const own = signerOf();
  const asked = new Map<string, Asked>();
  const signer: ValidSigner = {
    certificate: own.certificate,
    wrong: null,
    codeName: 'signatureCode',

    init(body, personOf) {
      const { accessToken, redirectUri, documents } = JSON.parse(body);
      if (!personOf(accessToken)) return ko('Token no vàlid o caducat');
      if (!redirectUris.includes(redirectUri) || !documents?.length) return ko('Petició no vàlida');
      const code = `1/${randomUUID()}`;
      asked.set(code, { token: accessToken, redirectUri, documents, state: null });
      return { status: 200, value: { status: 'ok', [signer.codeName]: code } };
    },

    fetch(body, personOf) {
      const { accessToken, signatureCode } = JSON.parse(body);
      const found = asked.get(signatureCode);
      const person = personOf(accessToken);
      if (!person || found?.token !== accessToken || found?.state !== 'OK')
        return ko('La signatura no existeix');
      // It is given once.
      asked.delete(signatureCode);
      const evidence = evidenceOf(found, person, own, signer.wrong);
      return {
        status: 200,
        value: { status: 'ok', evidence: Buffer.from(evidence).toString('base64') },
      };
    },

    choose(code, choice) {
      const found = asked.get(code);
      if (!found || found.state !== null) return null;
      found.state = choice;
      const query = new URLSearchParams({ [signer.codeName]: code, state: choice });
      return `${found.redirectUri}?${query}`;
    },
    isAsked: (code) => asked.has(code),
  };
  return signer;
}

/** The page of 4.2. */
export function signPage(signer: ValidSigner, code: string, form: URLSearchParams | null) {
  const choice = form?.get('choice') as SignChoice | undefined;
  const back = choice ? signer.choose(code, choice) : null;
  if (back) return { status: 302, headers: { location: back } };
  if (!signer.isAsked(code)) return { status: 400, body: 'Codi no vàlid' };
  const buttons = { OK: 'Signa', CANCEL: 'Cancel·la', ERROR: 'Falla' };
  const shown = Object.entries(buttons).map(
    ([value, text]) => `<button name="choice" value="${value}">${text}</button>`,
  );
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!doctype html><html lang="ca"><title>Signa amb VÀLid</title><h1>Signa amb VÀLid</h1><form method="post">${shown.join('')}</form></html>`,
  };
}

function evidenceOf(
  { documents }: Asked,
  person: ValidPerson,
  signer: XmlSigner,
  wrong: WrongSignature | null,
): string {
  if (wrong === 'empty') return '';
  if (wrong === 'no_xml') return 'Error intern';
  const [document] = documents;
  if (!document) throw new Error('Nothing is asked');
  const changed = {
    ...document,
    ...(wrong === 'hash' && { hash: Buffer.alloc(32).toString('base64') }),
    ...(wrong === 'algorithm' && { algorithm: 'SHA1' }),
    ...(wrong === 'name' && { name: 'un altre.json' }),
  };
  const at = Temporal.Now.instant();
  const message = ordinaryMessage({
    at,
    method: person.method ?? '',
    identifier: wrong === 'person' ? 'X1234567L' : (person.identifier ?? ''),
    name: [person.name, person.surname1, person.surname2].filter(Boolean).join(' '),
    documents: wrong === 'two' ? [changed, changed] : [changed],
  });
  const xml = enveloped(message, signer, at);
  return wrong === 'changed' ? xml.replace('<nom>', '<nom> ') : xml;
}
