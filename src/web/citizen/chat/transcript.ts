import { maskPersonal } from '../../../features/service/encounter/rules.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { staffIn } from '../../../lib/viewer.ts';
import type { Shown } from './lines.tsx';
import { topicName } from './words.ts';

/** Returns a conversation as a text in the reader's language. Numbers of documents, accounts, cards and telephones, and addresses, are masked. */
export function transcriptOf({ visit, chat, entries, names }: Shown): string {
  const { t, dates, office } = visit;
  const name = textIn(office.name, t.language);
  const head = [
    `${t('chat.title')}, ${name}`,
    `${topicName(office.settings.chat, chat.topic, t)}, ${t('chat.number', { number: chat.number })}`,
    dates.longDay(chat.place),
    '',
  ];
  const lines = entries.flatMap(({ side, what, text, file, at, by }) => {
    const time = dates.time(at);
    if (side === 'system') return what ? `${time}  ${t(`chat.system.${what}`)}` : [];
    const office = names.get(staffIn(by) ?? 0) ?? name;
    const who = side === 'person' ? t('chat.you') : office;
    return `${time}  ${who}: ${file ? `[${maskPersonal(file.name)}]` : maskPersonal(text)}`;
  });
  return `${[...head, ...lines, '', t('chat.transcript.masked')].join('\r\n')}\r\n`;
}
