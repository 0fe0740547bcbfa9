import { holidaysProblem } from '../../../domain/office/calendar/holidays.ts';
import { isTexts } from '../../../domain/office/fields.ts';
import { townFileSchema } from '../../../domain/office/schema.ts';
import { checkDay, checkRepeats, type Tellers } from '../reading/references.ts';
import { Spot } from '../reading/spot.ts';
import { childSchema, didYouMean, nameOf, unwrapped } from '../reading/words.ts';
import { checkActs } from './acts.ts';
import { checkProcedure } from './catalogue.ts';
import { checkChat } from './chat.ts';
import { checkLogo } from './logo.ts';
import { checkLook } from './look.ts';
import { checkReaching } from './reaching.ts';
import { checkRequests } from './requests.ts';
import { checkRota } from './rota.ts';
import { checkSocket } from './sockets.ts';
import { checkStaff } from './staff.ts';
import { checkTeams } from './teams.ts';
import { checkTrust } from './trust.ts';
import { checkVerification } from './verification.ts';
import { checkWording } from './wording.ts';

/** Words that have another meaning in the place of an office's code in an address. */
const RESERVED_CODES = [
  'identify',
  'folder',
  'appointment',
  'case',
  'request',
  'follow',
  'payment',
  'signature',
  'waiting',
  'chat',
  'notices',
  'accessibility',
  'privacy',
  'cookies',
  'help',
  'software',
  'offline',
  'lost-link',
  'interpreter',
  'verify',
];

/** Reserved words in the place of a procedure's code: what has that address in every office. */
const RESERVED_PROCEDURES: Readonly<Record<string, string>> = {
  data: "every office's open data have that address",
  chat: "every office's chat has that address",
  requests: 'what is told to an office has that address',
};

/**
 * Checks the rules beyond the schema: references, dates, translations, colours, the law. It accepts any value, so that one mistake hides no
 * other. Values of a wrong form are skipped, since the schema has reported them. `areas`: the codes of the town's areas, where they were read.
 */
export function checkSemantics(value: unknown, tell: Tellers, areas?: readonly string[]): void {
  const root = new Spot(value, []);
  const town = root.get('town');
  checkPlaceAndTime(town, tell);
  checkClosures(town.get('feastDays'), tell);
  checkOpenDays(town.get('openDays'), tell);
  checkRepeats(town.get('languages'), tell);
  const offered = town.get('languages').strings();
  checkTexts(town, offered, tell);
  checkTrust(town, tell);
  checkLook(town.get('look'), tell);
  checkLogo(town.get('look'), tell);
  const offices = root.get('offices').entries();
  if (offices.length === 0 && root.get('offices').isGroup()) {
    tell.mistake(['offices'], 'A town needs at least one office.', 'key');
  }
  for (const [code, office] of offices) {
    if (RESERVED_CODES.includes(code)) {
      tell.mistake(
        office.path,
        `An office can't be called ${code}: a page of every town has that address.`,
        'key',
      );
    }
    checkOffice(office, town, tell);
    checkActs(office, root, tell);
    checkTeams(office, root, tell);
    checkRequests(office, town, tell, areas);
  }
  checkStaff(root, tell);
}

function checkOffice(office: Spot, town: Spot, tell: Tellers): void {
  const own = office.get('languages');
  const languages = own.exists() ? own.strings() : town.get('languages').strings();
  checkPlaceAndTime(office, tell);
  checkRepeats(own, tell);
  checkTexts(office, languages, tell);
  checkClosures(office.get('feastDays'), tell);
  checkClosures(office.get('closures'), tell);
  checkOpenDays(office.get('openDays'), tell);
  checkLook(office.get('look'), tell, town.get('look'));
  checkLogo(office.get('look'), tell);
  checkLaw(office, tell);
  checkReaching(office, town, tell);
  checkRepeats(office.get('interpreters'), tell);
  checkAttempts(office.get('attempts'), tell);
  checkVerification(office, tell);
  checkEngines(office.get('video').get('captions').get('engines'), tell);
  for (const [code, procedure] of office.get('procedures').entries()) {
    const taken = Object.hasOwn(RESERVED_PROCEDURES, code) ? RESERVED_PROCEDURES[code] : undefined;
    if (taken) {
      const words = `A procedure can't be called ${code}: ${taken}.`;
      tell.mistake(procedure.path, words, 'key');
    }
    checkProcedure(procedure, office, languages, tell);
  }
  checkWording(office, tell);
  checkRota(office, languages, tell);
  checkChat(office, languages, tell);
  for (const list of ['outcomes', 'wrapUpCodes']) {
    const codes = office.get(list);
    if (codes.isGroup() && codes.entries().length === 0) {
      tell.mistake(codes.path, `${nameOf(codes.path)} needs at least one code.`, 'key', {
        kind: 'least_one',
      });
    }
  }
}

function checkEngines(engines: Spot, { mistake }: Tellers): void {
  for (const [, url] of engines.entries()) checkSocket(url, 'speech-to-text engine', mistake);
}

function checkPlaceAndTime(owner: Spot, { mistake }: Tellers): void {
  const zone = owner.get('timeZone');
  const name = zone.text();
  if (name !== undefined && !isTimeZone(name)) {
    const hint = didYouMean(name, Intl.supportedValuesOf('timeZone'));
    mistake(zone.path, `There is no time zone "${name}".${hint || ' An example: Europe/Madrid.'}`);
  }
  const holidays = owner.get('holidays');
  const code = holidays.text();
  const problem = code === undefined ? undefined : holidaysProblem(code);
  if (problem) {
    const hint = didYouMean(String(code), problem.known);
    const known = problem.known.length <= 40 ? ` Known: ${problem.known.join(', ')}.` : '';
    mistake(holidays.path, `Nobody knows the public holidays of "${code}".${hint || known}`);
  }
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** Checks that every group of texts below `owner` has at least one text, and warns when a language is missing. */
function checkTexts(owner: Spot, languages: readonly string[], tell: Tellers): void {
  const schema = owner.path.reduce(
    (at: ReturnType<typeof childSchema>, step) => at && childSchema(at, step),
    townFileSchema,
  );
  const visit = (spot: Spot, at: ReturnType<typeof childSchema>): void => {
    if (!at) return;
    // An office words its notices only in the languages that it chooses.
    if (spot.path.at(-1) === 'wording' && spot.path.length === 3) return;
    if (isTexts(unwrapped(at))) checkTranslations(spot, languages, tell);
    else for (const [step, inner] of spot.children()) visit(inner, childSchema(at, step));
  };
  visit(owner, schema);
}

function checkTranslations(spot: Spot, languages: readonly string[], tell: Tellers): void {
  if (!spot.isGroup() || languages.length === 0) return;
  const missing = languages.filter((each) => !spot.get(each).exists());
  if (missing.length === 0) return;
  const list = missing.join(', ');
  if (missing.length === languages.length) {
    tell.mistake(
      spot.path,
      `${nameOf(spot.path)} has no text in any language of the office: ${list}.`,
      'key',
      { kind: 'no_text' },
    );
  } else {
    tell.warning(
      spot.path,
      `${nameOf(spot.path)} is not translated into: ${list}. Readers will see another language.`,
      'key',
      { kind: 'untranslated', values: { languages: list } },
    );
  }
}

function checkClosures(list: Spot, { mistake }: Tellers): void {
  for (const closure of list.items()) {
    const [date, from, to] = [closure.get('date'), closure.get('from'), closure.get('to')];
    for (const day of [date, from, to]) checkDay(day, mistake);
    if (!closure.isGroup()) continue;
    const span = from.exists() || to.exists();
    if (date.exists() ? span : !(from.exists() && to.exists())) {
      const message = `${nameOf(closure.path)} must say either "date", or "from" and "to".`;
      mistake(closure.path, message, 'value', { kind: 'when' });
    } else if ((from.text() ?? '') > (to.text() ?? '')) {
      const message = `"to" (${to.text()}) is before "from" (${from.text()}).`;
      mistake(to.path, message, 'value', { kind: 'order' });
    }
  }
}

function checkOpenDays(list: Spot, { mistake }: Tellers): void {
  for (const day of list.items()) checkDay(day, mistake);
}

function checkLaw(office: Spot, { warning }: Tellers): void {
  if (!office.isGroup()) return;
  const name = nameOf(office.path);
  if (office.get('walkIn').items().length === 0) {
    warning(
      office.path,
      `${name} says no place to walk in (walkIn), but an appointment may not be compulsory (Llei 9/2025).`,
      'key',
      { kind: 'no_walk_in' },
    );
  }
  if (!office.get('phone').get('caller').exists()) {
    warning(
      office.path,
      `${name} does not say which number citizens will be called from (phone: caller).`,
      'key',
      { kind: 'no_caller' },
    );
  }
}

function checkAttempts(attempts: Spot, { mistake }: Tellers): void {
  const [max, spacing, window] = ['max', 'spacingMinutes', 'windowMinutes'].map((key) =>
    attempts.get(key).number(),
  );
  const needed = ((max ?? 3) - 1) * (spacing ?? 10);
  if (attempts.isGroup() && needed > (window ?? 30)) {
    mistake(
      attempts.path,
      `${max ?? 3} attempts, ${spacing ?? 10} minutes apart, take ${needed} minutes: more than the window of ${window ?? 30}.`,
      'key',
      { kind: 'window', values: { needed, window: window ?? 30 } },
    );
  }
}
