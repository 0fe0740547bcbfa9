import { isAtSite, isChannel, isSeen } from '../../../domain/channel.ts';
import { SIGN_LANGUAGES } from '../../../lib/i18n/languages.ts';
import {
  checkDay,
  checkReference,
  checkRepeats,
  type Tell,
  type Tellers,
} from '../reading/references.ts';
import type { Spot } from '../reading/spot.ts';
import { nameOf } from '../reading/words.ts';
import { checkSocket } from './sockets.ts';

/** Checks agents, shifts and absences of an office against its procedures and languages. */
export function checkRota(office: Spot, languages: readonly string[], tell: Tellers): void {
  const desks = office.get('desks');
  for (const [, desk] of desks.entries()) checkDesk(desk, office, languages, tell);
  for (const shift of office.get('shifts').items()) {
    checkReference(shift.get('desk'), desks, 'desk', tell);
    checkShift(shift, tell);
  }
  for (const absence of office.get('absences').items()) {
    checkReference(absence.get('desk'), desks, 'desk', tell);
    checkAbsence(absence, tell.mistake);
  }
  checkExchange(office.get('phone').get('exchange'), desks, tell);
  const working = new Set(
    office
      .get('shifts')
      .items()
      .map((each) => each.get('desk').text()),
  );
  for (const [code, desk] of desks.entries()) {
    if (!working.has(code)) {
      const message = `${nameOf(desk.path)} has no shift, so attends nobody.`;
      tell.warning(desk.path, message, 'key', { kind: 'no_shift' });
    }
  }
}

/** Checks that each desk has an extension of its own, and that the connection is encrypted, except to the same machine. */
function checkExchange(exchange: Spot, desks: Spot, tell: Tellers): void {
  checkSocket(exchange.get('url'), 'exchange', tell.mistake);
  const taken = new Map<string, string>();
  for (const [desk, extension] of exchange.get('desks').entries()) {
    const number = extension.text() ?? '';
    const other = taken.get(number);
    if (!desks.has(desk)) tell.mistake(extension.path, `There is no desk "${desk}".`, 'key');
    if (other) tell.mistake(extension.path, `"${number}" is the extension of ${other} too.`);
    taken.set(number, desk);
  }
}

function checkDesk(desk: Spot, office: Spot, languages: readonly string[], tell: Tellers): void {
  checkSite(desk, office.get('sites'), tell);
  for (const list of ['skills', 'languages', 'channels']) checkRepeats(desk.get(list), tell);
  for (const skill of desk.get('skills').items()) {
    checkReference(skill, office.get('procedures'), 'procedure', tell);
  }
  for (const language of desk.get('languages').items()) {
    const code = language.text();
    if (code === undefined) continue;
    if (isSignLanguage(code)) checkSigning(language, desk, tell);
    else if (languages.length > 0 && !languages.includes(code)) {
      tell.mistake(
        language.path,
        `The office does not offer the language "${code}"; it offers: ${languages.join(', ')}.`,
        'value',
        { kind: 'not_offered' },
      );
    }
  }
}

/** Checks that the site of a desk exists, and that a desk with a channel at a site has one. */
function checkSite(desk: Spot, sites: Spot, tell: Tellers): void {
  const site = desk.get('site');
  if (site.exists()) {
    checkReference(site, sites, 'site', tell);
    return;
  }
  const channel = desk
    .get('channels')
    .strings()
    .find((each) => isChannel(each) && isAtSite(each));
  if (channel === undefined) return;
  const message = `${nameOf(desk.path)} serves ${channel}, and does not say at which site (site).`;
  tell.mistake(desk.path, message, 'key', { kind: 'no_site' });
}

/**
 * Checks a sign language: it has no written texts, so the office can't offer it as a language of texts; and it requires a channel with
 * video.
 */
function checkSigning(language: Spot, desk: Spot, { mistake }: Tellers): void {
  const channels = desk.get('channels');
  if (!channels.exists()) return;
  if (channels.strings().some((each) => isChannel(each) && isSeen(each))) return;
  mistake(
    language.path,
    `${nameOf(desk.path)} signs ("${language.text()}") but has no video; add video to its channels.`,
    'value',
    { kind: 'signs_by_video' },
  );
}

const isSignLanguage = (code: string): boolean =>
  (SIGN_LANGUAGES as readonly string[]).includes(code);

function checkShift(shift: Spot, tell: Tellers): void {
  for (const list of ['weekdays', 'except']) checkRepeats(shift.get(list), tell);
  for (const day of shift.get('except').items()) checkDay(day, tell.mistake);
  const [from, to, since, until] = ['from', 'to', 'since', 'until'].map((key) => shift.get(key));
  if (!from || !to || !since || !until) return;
  checkDay(since, tell.mistake);
  checkDay(until, tell.mistake);
  if (from.text() !== undefined && from.text() === to.text()) {
    tell.mistake(to.path, `The shift ends when it begins, at ${to.text()}.`);
  }
  if (since.text() !== undefined && until.text() !== undefined && since.text()! > until.text()!) {
    tell.mistake(until.path, `"until" (${until.text()}) is before "since" (${since.text()}).`);
  }
}

function checkAbsence(absence: Spot, mistake: Tell): void {
  const [from, to] = [absence.get('from'), absence.get('to')];
  checkDay(from, mistake);
  checkDay(to, mistake);
  const [start, end] = [from.text(), to.text()];
  if (start === undefined || end === undefined) return;
  // A day without times begins with its first minute and ends with its last.
  const begins = start.includes('T') ? start : `${start}T00:00`;
  const ends = end.includes('T') ? end : `${end}T24:00`;
  if (ends <= begins) mistake(to.path, `"to" (${end}) is not after "from" (${start}).`);
}
