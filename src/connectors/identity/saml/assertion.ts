import { ATTEMPT_MINUTES, type GivenLevel } from '../../../domain/identity.ts';
import {
  attributeOf,
  childNamed,
  childrenNamed,
  childrenOf,
  isNamed,
  momentOf,
  onlyChild,
  parsed,
  refuse,
  textOf,
} from '../../../lib/xml/xml.ts';
import { levelGiven, NotIdentified } from '../adapter.ts';
import { issuerOf } from './envelope.ts';
import { ASSERTION, BEARER } from './names.ts';

/** What an assertion must match. */
export interface Expected {
  /** The provider's entityID. */
  issuer: string;
  /** Our entityID. */
  audience: string;
  /** Where answers of this provider are posted to us. */
  recipient: string;
  /** The id of the request of this attempt. */
  requestId: string;
  now: Temporal.Instant;
  levels: Readonly<Record<string, GivenLevel>>;
  demanded: GivenLevel;
}

/** What an assertion states, checked. */
export interface Stated {
  level: GivenLevel;
  /** The values of each attribute, by its name. */
  attributes: ReadonlyMap<string, string>;
  nameId: NameId | null;
  sessionIndex: string | null;
}

/** The provider's name of a person, as a logout repeats it. */
export interface NameId {
  value: string;
  format: string | null;
  qualifier: string | null;
  ourQualifier: string | null;
}

/** By how much the provider's clock may differ from ours. */
const SKEW = { seconds: 90 };

/** How long ago the person may have proved who they are: as long as somebody can take at the provider. */
const FRESH = { minutes: ATTEMPT_MINUTES };

/** The conditions that this adapter understands; an assertion with others counts as invalid (saml-core-2.0-os, 2.5.1.1). */
const CONDITIONS = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'];

/**
 * Checks an assertion whose signature is right, and returns what it states. A second use of it is refused twice over: it answers one
 * request only (`InResponseTo`), and the attempt of that request is spent once by the service.
 */
export function statedIn(xml: string, expected: Expected): Stated {
  const assertion = parsed(xml);
  if (!isNamed(assertion, ASSERTION, 'Assertion')) refuse('no_assertion');
  if (attributeOf(assertion, 'Version') !== '2.0') refuse('version');
  if (issuerOf(assertion) !== expected.issuer) refuse('issuer');
  const issued = momentOf(assertion, 'IssueInstant') ?? refuse('no_times');
  if (isAfter(issued, expected.now.add(SKEW)))
    throw new NotIdentified('clock', 'issued_in_the_future');
  checkConditions(assertion, expected);
  const subject = onlyChild(assertion, ASSERTION, 'Subject', 'subject');
  checkConfirmation(subject, expected);
  const statement = onlyChild(assertion, ASSERTION, 'AuthnStatement', 'authn_statement');
  checkFreshness(statement, expected.now);
  const context = onlyChild(statement, ASSERTION, 'AuthnContext', 'authn_statement');
  const level = onlyChild(context, ASSERTION, 'AuthnContextClassRef', 'level_unknown');
  return {
    level: levelGiven(expected.levels, textOf(level), expected.demanded),
    attributes: attributesIn(assertion),
    nameId: nameIdIn(subject),
    sessionIndex: attributeOf(statement, 'SessionIndex'),
  };
}

/** The person proved who they are for this request, as `ForceAuthn` demands, and not for whoever sat at the computer before. */
function checkFreshness(statement: Element, now: Temporal.Instant): void {
  const at = momentOf(statement, 'AuthnInstant') ?? refuse('no_times');
  if (isAfter(at, now.add(SKEW))) throw new NotIdentified('clock', 'authenticated_in_the_future');
  if (isAfter(now.subtract(FRESH).subtract(SKEW), at))
    throw new NotIdentified('expired', 'not_fresh');
}

const isAfter = (one: Temporal.Instant, other: Temporal.Instant): boolean =>
  Temporal.Instant.compare(one, other) > 0;

/** The element's time has begun and is not over. */
function checkTimes(element: Element, now: Temporal.Instant): void {
  const from = momentOf(element, 'NotBefore');
  const until = momentOf(element, 'NotOnOrAfter');
  if (from && isAfter(from, now.add(SKEW))) throw new NotIdentified('clock', 'not_yet_valid');
  if (until && !isAfter(until, now.subtract(SKEW)))
    throw new NotIdentified('expired', 'assertion_expired');
}

function checkConditions(assertion: Element, { audience, now }: Expected): void {
  const conditions = onlyChild(assertion, ASSERTION, 'Conditions', 'conditions');
  checkTimes(conditions, now);
  const unknown = childrenOf(conditions).some(
    (each) => each.namespaceURI !== ASSERTION || !CONDITIONS.includes(each.localName),
  );
  if (unknown) refuse('condition_unknown');
  const restrictions = childrenNamed(conditions, ASSERTION, 'AudienceRestriction');
  const isForUs = (restriction: Element) =>
    childrenNamed(restriction, ASSERTION, 'Audience').map(textOf).includes(audience);
  if (restrictions.length === 0 || !restrictions.every(isForUs)) refuse('audience');
}

/** One confirmation by bearer must be for this address and this request, and not be over (saml-profiles-2.0-os, 4.1.4.3). */
function checkConfirmation(subject: Element, expected: Expected): void {
  const bearers = childrenNamed(subject, ASSERTION, 'SubjectConfirmation').filter(
    (each) => attributeOf(each, 'Method') === BEARER,
  );
  const [bearer = refuse('subject_confirmation'), ...others] = bearers;
  if (others.length > 0) refuse('subject_confirmation');
  const data = onlyChild(bearer, ASSERTION, 'SubjectConfirmationData', 'subject_confirmation');
  if (attributeOf(data, 'Recipient') !== expected.recipient) refuse('recipient');
  const answered = attributeOf(data, 'InResponseTo');
  if (answered === null) refuse('unsolicited');
  if (answered !== expected.requestId) refuse('in_response_to');
  if (attributeOf(data, 'NotOnOrAfter') === null) refuse('no_times');
  checkTimes(data, expected.now);
}

function nameIdIn(subject: Element): NameId | null {
  const nameId = childNamed(subject, ASSERTION, 'NameID', 'subject');
  return (
    nameId && {
      value: textOf(nameId),
      format: attributeOf(nameId, 'Format'),
      qualifier: attributeOf(nameId, 'NameQualifier'),
      ourQualifier: attributeOf(nameId, 'SPNameQualifier'),
    }
  );
}

/** Returns the attributes that have a text. One that is there twice is refused, since each reader would take another. */
function attributesIn(assertion: Element): Map<string, string> {
  const found = new Map<string, string>();
  for (const statement of childrenNamed(assertion, ASSERTION, 'AttributeStatement'))
    for (const attribute of childrenNamed(statement, ASSERTION, 'Attribute')) {
      const name = attributeOf(attribute, 'Name') ?? refuse('malformed');
      const value = textIn(attribute);
      if (value === null) continue;
      if (found.has(name)) refuse('attribute_twice');
      found.set(name, value);
    }
  return found;
}

/**
 * Returns the value of an attribute; null: it has none, or it is no text. A name of another script comes with its transliteration, which is
 * the value without `LatinScript="false"` (eIDAS SAML Attribute Profile 1.2, 2.4).
 */
function textIn(attribute: Element): string | null {
  const values = childrenNamed(attribute, ASSERTION, 'AttributeValue')
    .filter((each) => !isOtherScript(each) && childrenOf(each).length === 0)
    .map(textOf)
    .filter((text) => text !== '');
  if (values.length > 1) refuse('attribute_twice');
  return values[0] ?? null;
}

const isOtherScript = (value: Element): boolean =>
  Array.from(value.attributes).some(
    ({ localName, value: text }) => localName === 'LatinScript' && ['false', '0'].includes(text),
  );
