/** The namespaces of XML, and the words of SAML 2, that this adapter uses. Sources: saml-core-2.0-os, xmldsig-core1, xmlenc-core1. */
export const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
export const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';
export const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#';
export const ENCRYPTION = 'http://www.w3.org/2001/04/xmlenc#';

export const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
export const ENTITY = 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity';
export const UNSPECIFIED = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified';

export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
export const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';

/** The algorithms of signatures that are accepted: none with SHA-1 (SOG-IS Agreed Cryptographic Mechanisms), none with a shared secret. */
export const SIGNING: readonly string[] = [
  RSA_SHA256,
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
];
export const DIGESTS: readonly string[] = [SHA256, 'http://www.w3.org/2001/04/xmlenc#sha512'];
/** How an assertion may be encrypted, and its key: never PKCS #1 v1.5, whose padding can be asked for (Bleichenbacher 1998). */
export const ENCRYPTING: readonly string[] = [
  'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
  'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
  'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
];

/** The attributes of people, of the eIDAS SAML Attribute Profile 1.2. */
const EIDAS = 'http://eidas.europa.eu/attributes';
/** Those of Cl@ve 2. */
const CLAVE = 'http://es.minhafp.clave';
export const ATTRIBUTES = {
  person: `${EIDAS}/naturalperson/PersonIdentifier`,
  given: `${EIDAS}/naturalperson/CurrentGivenName`,
  family: `${EIDAS}/naturalperson/CurrentFamilyName`,
  /** The person who acts, where they represent somebody. */
  actor: `${EIDAS}/naturalperson/representative/PersonIdentifier`,
  actorGiven: `${EIDAS}/naturalperson/representative/CurrentGivenName`,
  actorFamily: `${EIDAS}/naturalperson/representative/CurrentFamilyName`,
  company: `${EIDAS}/legalperson/LegalPersonIdentifier`,
  companyName: `${EIDAS}/legalperson/LegalName`,
  national: `${CLAVE}/NationalPersonIdentifier`,
  firstSurname: `${CLAVE}/FirstSurname`,
  /** Which of Cl@ve's ways the person took. */
  way: `${CLAVE}/SelectedIdP`,
  relayState: `${CLAVE}/RelayState`,
} as const;
export type AttributeKey = keyof typeof ATTRIBUTES;
/** The first part of the levels of eIDAS. */
export const EIDAS_LEVEL = 'http://eidas.europa.eu/LoA/';
