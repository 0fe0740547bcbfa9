import type { OfficeChat } from '../../../../domain/office/chat/topics.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { datesIn } from '../../../../lib/i18n/dates.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import type { Translate } from '../../../../lib/i18n/translate.ts';
import { staffIn } from '../../../../lib/viewer.ts';
import { maskPersonal } from '../../encounter/rules.ts';
import type { Chat, ChatEntry } from '../types.ts';

/** A conversation that is written down. `names`: first names of those who answered, by the ids of their accounts. */
export interface Transcribed {
  office: Pick<Office, 'name' | 'settings' | 'timeZone'>;
  chat: Pick<Chat, 'topic' | 'number' | 'place'>;
  entries: readonly ChatEntry[];
  names: ReadonlyMap<number, string>;
}

/** Returns the name of a topic; of one that is offered no longer, its code. */
export const topicNameIn = ({ topics }: OfficeChat, code: string, t: Translate): string =>
  textIn(topics.find((each) => each.code === code)?.name, t.language) || code;

/** Returns a conversation as a text in the reader's language. Numbers of documents, accounts, cards and telephones, and addresses, are masked. */
export function transcriptOf({ office, chat, entries, names }: Transcribed, t: Translate): string {
  const dates = datesIn(t.language, office.timeZone);
  const name = textIn(office.name, t.language);
  const topic = topicNameIn(office.settings.chat, chat.topic, t);
  const head = [
    `${t('chat.title')}, ${name}`,
    `${topic}, ${t('chat.number', { number: chat.number })}`,
    dates.longDay(chat.place),
    '',
  ];
  const lines = entries.flatMap(({ side, what, text, file, at, by }) => {
    const time = dates.time(at);
    if (side === 'system') return what ? `${time}  ${t(`chat.system.${what}`)}` : [];
    const who = side === 'person' ? t('chat.you') : (names.get(staffIn(by) ?? 0) ?? name);
    return `${time}  ${who}: ${file ? `[${maskPersonal(file.name)}]` : maskPersonal(text)}`;
  });
  return `${[...head, ...lines, '', t('chat.transcript.masked')].join('\r\n')}\r\n`;
}

/** Returns the name of the file. */
export const transcriptName = ({ office, chat }: Transcribed, t: Translate): string =>
  `${t('chat.title')} ${textIn(office.name, t.language)} ${chat.number}.txt`;
