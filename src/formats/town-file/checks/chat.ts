import { answersAbout } from '../../../domain/office/chat/topics.ts';
import { WEEKDAYS } from '../../../domain/office/fields.ts';
import { checkReference, checkRepeats, type Tellers } from '../reading/references.ts';
import type { Spot } from '../reading/spot.ts';
import { nameOf } from '../reading/words.ts';

/**
 * Checks the chat of an office: each topic is of procedures that a desk serves, and has hours that say something; each prepared answer is of
 * topics that exist, and has one source at most.
 */
export function checkChat(office: Spot, languages: readonly string[], tell: Tellers): void {
  const chat = office.get('chat');
  const topics = chat.get('topics');
  for (const [, topic] of topics.entries()) checkTopic(topic, office, languages, tell);
  for (const [, answer] of chat.get('answers').entries()) checkAnswer(answer, office, tell);
  const [most, beside] = ['atOnce', 'besideCall'].map((key) => chat.get(key));
  if ((beside?.number() ?? 0) > (most?.number() ?? 3))
    tell.mistake(
      beside!.path,
      `More conversations beside a call (${beside!.number()}) than without one (${most?.number() ?? 3}).`,
    );
}

function checkTopic(topic: Spot, office: Spot, languages: readonly string[], tell: Tellers): void {
  const procedures = topic.get('procedures');
  checkRepeats(procedures, tell);
  for (const each of procedures.items())
    checkReference(each, office.get('procedures'), 'procedure', tell);
  checkHours(topic.get('hours'), tell);
  if (procedures.items().length === 0) return;
  const codes = { procedures: procedures.strings() };
  const desks = office
    .get('desks')
    .entries()
    .map(([, desk]) => deskAt(desk));
  const isSpoken = (language: string) => desks.some((desk) => answersAbout(desk, codes, language));
  const spoken = [...new Set(desks.flatMap((desk) => desk.languages))].filter(isSpoken);
  const name = nameOf(topic.path);
  if (spoken.length === 0) {
    tell.mistake(procedures.path, `No desk serves any procedure of ${name} and takes chats.`);
    return;
  }
  const missing = languages.filter((each) => !isSpoken(each));
  if (missing.length > 0)
    tell.warning(topic.path, `Nobody can answer about ${name} in: ${missing.join(', ')}.`, 'key');
}

const deskAt = (desk: Spot) => ({
  skills: desk.get('skills').text() === 'all' ? ('all' as const) : desk.get('skills').strings(),
  languages: desk.get('languages').strings(),
  chats: desk.get('chats').number() ?? null,
});

/** Checks that each stretch ends after it begins, and that no two of one day share a minute. */
function checkHours(hours: Spot, { mistake }: Tellers): void {
  const known: { weekday: string; from: string; to: string }[] = [];
  for (const stretch of hours.items()) {
    const [from, to] = [stretch.get('from').text(), stretch.get('to').text()];
    if (from === undefined || to === undefined) continue;
    if (to <= from) {
      mistake(stretch.get('to').path, `"to" (${to}) is not after "from" (${from}).`);
      continue;
    }
    for (const weekday of stretch.get('weekdays').strings()) {
      if (!(WEEKDAYS as readonly string[]).includes(weekday)) continue;
      const other = known.find(
        (each) => each.weekday === weekday && each.from < to && from < each.to,
      );
      if (other)
        mistake(
          stretch.path,
          `These hours overlap those from ${other.from} to ${other.to}, on ${weekday}.`,
        );
      known.push({ weekday, from, to });
    }
  }
}

function checkAnswer(answer: Spot, office: Spot, tell: Tellers): void {
  const [source, procedure, topics] = ['source', 'procedure', 'topics'].map((key) =>
    answer.get(key),
  );
  if (!source || !procedure || !topics) return;
  checkReference(procedure, office.get('procedures'), 'procedure', tell);
  if (source.exists() && procedure.exists())
    tell.mistake(
      procedure.path,
      `${nameOf(answer.path)} has two sources: an address and a procedure. Say one.`,
      'key',
    );
  checkRepeats(topics, tell);
  for (const each of topics.items())
    checkReference(each, office.get('chat').get('topics'), 'topic', tell);
}
