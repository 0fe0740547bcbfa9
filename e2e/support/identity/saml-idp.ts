import { createVerify } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { inflateRawSync } from 'node:zlib';
import { DOMParser } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import { freePort } from '../processes.ts';
import { type SamlKeys, samlKeys } from './saml-keys.ts';
import {
  assertionXml,
  base64,
  encrypted,
  failed,
  logoutResponseXml,
  NATURAL,
  newId,
  responseXml,
  type Said,
  signed,
} from './saml-messages.ts';
import { choicePage, formPage } from './saml-pages.ts';

/** A person whom the provider knows. */
export interface SamlPerson {
  /** In the list to choose from. */
  label: string;
  attributes: Said['attributes'];
}

/** What a person does at the provider. */
export type SamlChoice =
  | { answer: 'yes'; person: number; level: SamlLevel }
  | { answer: 'cancel' | 'deny' | 'away' };
export type SamlLevel = 'low' | 'substantial' | 'high';

/** A form that the browser posts. */
export interface SamlForm {
  url: string;
  fields: Record<string, string>;
}

/** A request that somebody is answering. */
interface Open {
  id: string;
  issuer: string;
  acs: string;
  level: string;
  relayState: string;
}

export const PEOPLE: SamlPerson[] = [
  samlPerson('Núria', 'Vila Puig', '12345678Z'),
  samlPerson('Andrei', 'Popescu', 'X1234567L'),
  samlPerson('Sofia', 'Rossi', 'IT/ES/RSSSFO80A41H501U'),
];

function samlPerson(given: string, family: string, identifier: string): SamlPerson {
  return {
    label: `${given} ${family}, ${identifier}`,
    attributes: {
      [`${NATURAL}/PersonIdentifier`]: identifier,
      [`${NATURAL}/CurrentGivenName`]: given,
      [`${NATURAL}/CurrentFamilyName`]: family,
      'http://es.minhafp.clave/SelectedIdP': identifier.includes('/') ? 'EIDAS' : 'AFIRMA',
    },
  };
}

/** How the answers differ from the right ones. */
export interface Bent {
  said?: Partial<Said>;
  /** The certificate (PEM) for which assertions are encrypted. */
  sealed?: string;
  /** The keys that sign. */
  signer?: SamlKeys;
  /** The response is signed too. */
  isWhole?: boolean;
}

interface Options {
  port?: number;
  /** The certificate of a client (PEM) by its entityID; those of others are fetched with their metadata, from their entityID. */
  certificates?: Record<string, string>;
  /** Its clock: the machine's by default. */
  now?: () => Temporal.Instant;
}

/**
 * An identity provider of SAML 2 on this machine, with keys of its own, as Cl@ve is: it checks the signature of each request, lets somebody
 * choose who they are, and answers by a form that posts itself, with a button where there are no scripts.
 */
export class SamlIdp implements AsyncDisposable {
  readonly keys = samlKeys('idp.example');
  readonly people: SamlPerson[] = [...PEOPLE];
  /** Every request whose signature was right, as XML. */
  readonly requests: string[] = [];
  bent: Bent = {};
  readonly #open = new Map<string, Open>();
  readonly #options: Options;
  #server: Server | null = null;
  #port: number;

  private constructor(options: Options) {
    this.#options = options;
    this.#port = options.port ?? 0;
  }

  static async start(options: Options = {}): Promise<SamlIdp> {
    const idp = new SamlIdp(options);
    await idp.comeBack();
    return idp;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Its settings in a town file, without code, name and levels. */
  get settings() {
    return {
      kind: 'saml' as const,
      entity: `${this.origin}/metadata`,
      endpoint: `${this.origin}/sso`,
      logout: `${this.origin}/slo`,
      certificates: [this.keys.certificate],
    };
  }

  /** Takes a request, and answers it without a browser. @throws where the request is refused */
  async answer({ fields }: SamlForm, choice: SamlChoice): Promise<SamlForm> {
    return this.#answerTo(await this.#requestIn(fields), choice);
  }

  /** Opens its port, again where it went away. */
  async comeBack(): Promise<void> {
    const server = createServer((request, response) => {
      this.#handle(request, response).catch((error: Error) =>
        response.writeHead(400, { 'content-type': 'text/plain' }).end(error.message),
      );
    });
    this.#port ||= await freePort();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.#port, '127.0.0.1', resolve);
    });
    this.#server = server;
  }

  /** Goes away, as a machine that is switched off. */
  async goAway(): Promise<void> {
    const closing = this.#server;
    this.#server = null;
    closing?.closeAllConnections();
    if (closing) await new Promise<void>((resolve) => closing.close(() => resolve()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.goAway();
  }

  #now(): Temporal.Instant {
    return this.#options.now?.() ?? Temporal.Now.instant();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.origin);
    const fields = Object.fromEntries(new URLSearchParams(await bodyOf(request)));
    const page = (html: string) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
    };
    if (url.pathname === '/sso' && request.method === 'POST') {
      const asked = await this.#requestIn(fields);
      this.#open.set(asked.id, asked);
      return page(choicePage(asked, this.people));
    }
    if (url.pathname === '/chosen' && request.method === 'POST') {
      const asked = this.#open.get(fields['request'] ?? '');
      if (!asked) throw new Error('This request is not open');
      this.#open.delete(asked.id);
      return page(formPage(await this.#answerTo(asked, choiceIn(fields))));
    }
    if (url.pathname === '/slo') return page(formPage(await this.#loggedOut(url, fields)));
    response.writeHead(404).end();
  }

  async #requestIn(fields: Record<string, string>): Promise<Open> {
    const root = await this.#verified(textIn(fields['SAMLRequest']));
    if (root.getAttribute('Destination') !== this.settings.endpoint)
      throw new Error('The request is for another provider');
    return {
      id: root.getAttribute('ID') ?? '',
      issuer: textOf(root, 'Issuer'),
      acs: root.getAttribute('AssertionConsumerServiceURL') ?? '',
      level: textOf(root, 'AuthnContextClassRef'),
      relayState: fields['RelayState'] ?? '',
    };
  }

  /** Returns the part of a request that its client signed. */
  async #verified(xml: string): Promise<Element> {
    const root = rootOf(xml);
    const [signature] = Array.from(root.getElementsByTagNameNS('*', 'Signature'));
    if (!signature) throw new Error('The request has no signature');
    const publicCert = await this.#certificateOf(textOf(root, 'Issuer'));
    const signing = new SignedXml({ publicCert });
    signing.loadSignature(signature as never);
    if (!signing.checkSignature(xml)) throw new Error('The signature of the request is wrong');
    this.requests.push(xml);
    return rootOf(signing.getSignedReferences()[0] ?? '');
  }

  /** A client of Cl@ve that logs out gives the address to come back to instead of its entityID. */
  async #certificateOf(issuer: string): Promise<string> {
    const known = this.#options.certificates?.[issuer];
    if (known !== undefined) return known;
    const metadata = await (await fetch(issuer.replace(/\/left$/, '/metadata'))).text();
    const certificate = textOf(rootOf(metadata), 'X509Certificate');
    return `-----BEGIN CERTIFICATE-----\n${certificate.trim()}\n-----END CERTIFICATE-----\n`;
  }

  async #answerTo(request: Open, choice: SamlChoice): Promise<SamlForm> {
    const isYes = choice.answer === 'yes';
    const said: Said = {
      issuer: this.settings.entity,
      audience: request.issuer,
      recipient: request.acs,
      destination: request.acs,
      inResponseTo: request.id,
      now: this.#now(),
      from: -10,
      until: 300,
      level: isYes ? `http://eidas.europa.eu/LoA/${choice.level}` : '',
      nameId: newId(),
      nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
      sessionIndex: newId(),
      attributes: (isYes && this.people[choice.person]?.attributes) || {},
      ...this.bent.said,
    };
    const signer = this.bent.signer ?? this.keys;
    const xml = isYes
      ? await this.#success(said, signer)
      : responseXml(said, '', STATUS[choice.answer]);
    const isWhole = !isYes || this.bent.isWhole || this.bent.sealed !== undefined;
    const response = base64(isWhole ? signed(xml, 'Response', signer) : xml);
    return {
      url: request.acs,
      fields: { SAMLResponse: response, RelayState: request.relayState },
    };
  }

  async #success(said: Said, signer: SamlKeys): Promise<string> {
    const assertion = signed(assertionXml(said), 'Assertion', signer);
    const { sealed } = this.bent;
    return responseXml(said, sealed ? await encrypted(assertion, sealed) : assertion);
  }

  /** Ends a session, by any of the three ways in which it is asked for; the answer is posted. */
  async #loggedOut(url: URL, fields: Record<string, string>): Promise<SamlForm> {
    const isClave = 'logoutRequest' in fields;
    const form = fields['logoutRequest'] ?? fields['SAMLRequest'];
    const root = form ? await this.#verified(textIn(form)) : await this.#redirected(url);
    const issuer = textOf(root, 'Issuer');
    const back = isClave ? issuer : await logoutAddressOf(issuer);
    const facts = { issuer: this.settings.entity, destination: back, now: this.#now() };
    const xml = logoutResponseXml({ ...facts, inResponseTo: root.getAttribute('ID') ?? '' });
    const answer = base64(signed(xml, 'LogoutResponse', this.keys));
    return { url: back, fields: { [isClave ? 'logoutResponse' : 'SAMLResponse']: answer } };
  }

  async #redirected(url: URL): Promise<Element> {
    const packed = Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64');
    const xml = inflateRawSync(packed).toString();
    const root = rootOf(xml);
    const [, text = ''] = /(SAMLRequest=.*)&Signature=/.exec(url.search) ?? [];
    const signature = url.searchParams.get('Signature') ?? '';
    const certificate = await this.#certificateOf(textOf(root, 'Issuer'));
    if (!createVerify('sha256').update(text).verify(certificate, signature, 'base64'))
      throw new Error('The signature of the request is wrong');
    this.requests.push(xml);
    return root;
  }
}

const STATUS = {
  cancel: failed('Responder', 'AuthnFailed', 'El usuario ha cancelado la autenticación'),
  deny: failed('Responder', 'AuthnFailed', 'El certificado está revocado'),
  away: failed('Responder', null, 'Servicio no disponible'),
};

function choiceIn(fields: Record<string, string>): SamlChoice {
  const answer = fields['answer'];
  if (answer === 'cancel' || answer === 'deny' || answer === 'away') return { answer };
  const level = fields['level'] as SamlLevel;
  return { answer: 'yes', person: Number(fields['person']), level };
}

async function logoutAddressOf(entity: string): Promise<string> {
  const metadata = await (await fetch(entity)).text();
  const [service] = Array.from(rootOf(metadata).getElementsByTagNameNS('*', 'SingleLogoutService'));
  return service?.getAttribute('Location') ?? '';
}

const textOf = (root: Element, name: string): string =>
  root.getElementsByTagNameNS('*', name)[0]?.textContent ?? '';

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const textIn = (base64Text: string | undefined): string =>
  Buffer.from(base64Text ?? '', 'base64').toString();

const rootOf = (xml: string): Element =>
  new DOMParser().parseFromString(xml, 'text/xml').documentElement as Element;
