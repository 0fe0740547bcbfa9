import { ANSWER_BLANKS, MOST_REQUEST_TYPES } from '../../../domain/requests/schema.ts';
import { checkReference, type Tellers } from '../reading/references.ts';
import type { Spot } from '../reading/spot.ts';
import { didYouMean } from '../reading/words.ts';

/**
 * Checks the requests of an office: their teams and areas are there, what must be asked is asked. `areas`: the codes of the town's areas;
 * undefined: they were not read.
 */
export function checkRequests(
  office: Spot,
  town: Spot,
  tell: Tellers,
  areas?: readonly string[],
): void {
  const requests = office.get('requests');
  if (!requests.isGroup()) return;
  const [reopen, keep] = [requests.get('reopenDays'), requests.get('keepDays')];
  if ((reopen.number() ?? 30) > (keep.number() ?? 90))
    tell.mistake(
      (keep.exists() ? keep : reopen).path,
      `A request is destroyed ${keep.number() ?? 90} days after its close (keepDays), and may be reopened for ${reopen.number() ?? 30} (reopenDays).`,
    );
  const own = office.get('languages');
  const languages = own.exists() ? own.strings() : town.get('languages').strings();
  const types = requests.get('types').entries();
  if (types.length > MOST_REQUEST_TYPES)
    tell.mistake(requests.get('types').path, `An office has at most ${MOST_REQUEST_TYPES} types.`);
  for (const [, type] of types) {
    checkTeam(type.get('team'), office, tell);
    checkByArea(type, { office, town, areas }, tell);
    checkKeywords(type.get('keywords'), languages, tell);
    checkQuestions(type.get('questions'), tell);
    if (type.get('public').value === true && type.get('place').text() === 'none')
      tell.warning(
        type.get('public').path,
        'It is not asked where this is, so it is on the public list and never on the map.',
      );
  }
  for (const [, template] of requests.get('templates').entries()) checkBlanks(template, tell);
}

const checkTeam = (team: Spot, office: Spot, tell: Tellers): void =>
  checkReference(team, office.get('teams'), 'team', tell);

interface Around {
  office: Spot;
  town: Spot;
  areas: readonly string[] | undefined;
}

function checkByArea(type: Spot, { office, town, areas }: Around, tell: Tellers): void {
  const byArea = type.get('byArea');
  const entries = byArea.entries();
  if (entries.length > 0 && type.get('place').text() === 'none')
    tell.mistake(
      byArea.path,
      'Its team follows from where it is (byArea), and that is never asked (place: none).',
      'key',
    );
  if (entries.length > 0 && !town.get('areas').exists())
    tell.mistake(
      byArea.path,
      'The town has no areas: name the file that has them, such as areas: districts.geojson in town.',
      'key',
    );
  for (const [code, team] of entries) {
    checkTeam(team, office, tell);
    if (!areas || areas.includes(code)) continue;
    const known = areas.length <= 12 ? ` There are: ${areas.join(', ')}.` : '';
    tell.mistake(
      team.path,
      `There is no area "${code}".${didYouMean(code, areas) || known}`,
      'key',
    );
  }
}

function checkKeywords(keywords: Spot, languages: readonly string[], tell: Tellers): void {
  for (const [language, list] of keywords.entries())
    if (languages.length > 0 && !languages.includes(language))
      tell.mistake(list.path, `The office does not offer the language "${language}".`, 'key');
}

function checkQuestions(questions: Spot, tell: Tellers): void {
  checkIds(questions, 'question', tell);
  for (const question of questions.items()) {
    const type = question.get('type').text() ?? '';
    const options = question.get('options');
    if (!type.startsWith('choice')) {
      if (options.exists())
        tell.mistake(
          options.path,
          `There is nothing to choose in a question of type ${type}.`,
          'key',
        );
      continue;
    }
    if (options.items().length < 2)
      tell.mistake(
        options.exists() ? options.path : question.path,
        `A question of type ${type} needs at least two options.`,
      );
    checkIds(options, 'option', tell);
  }
}

function checkIds(list: Spot, what: string, { mistake }: Tellers): void {
  const seen = new Set<string>();
  for (const item of list.items()) {
    const id = item.get('id');
    const text = id.text();
    if (text !== undefined && seen.has(text))
      mistake(id.path, `The ${what} "${text}" stands twice.`);
    if (text !== undefined) seen.add(text);
  }
}

/** Checks the blanks of an answer, which are filled in when somebody begins with it. */
function checkBlanks(template: Spot, { mistake }: Tellers): void {
  for (const [, text] of template.get('text').entries())
    for (const [, blank = ''] of (text.text() ?? '').matchAll(/\{([^{}]*)\}/g))
      if (!ANSWER_BLANKS.some((each) => each === blank)) {
        const known = ANSWER_BLANKS.map((each) => `{${each}}`).join(', ');
        mistake(text.path, `Nothing is filled in for {${blank}}. Known: ${known}.`);
      }
}
