import { messageEnd } from '../../../features/service/chat/rules.ts';
import type { ChatLook } from '../../../features/service/chat/service.ts';
import type { ChatEntry } from '../../../features/service/chat/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { staffIn } from '../../../lib/viewer.ts';
import { languageOfText, WithOwnLinks } from '../../../ui/own-links.tsx';
import type { CitizenDeps } from '../visit.tsx';
import type { ChatVisit } from './find.ts';
import { placeInWords } from './words.ts';

/** A conversation that is shown: with the first names of those who answer. */
export interface Shown extends ChatLook {
  visit: ChatVisit;
  baseUrl: string;
  names: ReadonlyMap<number, string>;
}

/** Reads the conversation of a visit, from a line on; null: it is gone. */
export async function readShown(
  deps: Pick<CitizenDeps, 'chats' | 'attendants' | 'baseUrl'>,
  visit: ChatVisit,
  after = 0,
): Promise<Shown | null> {
  const look = await deps.chats.look(visit.viewer, visit.office, after);
  if (!look) return null;
  const staff = look.entries.flatMap(({ by }) => staffIn(by) ?? []);
  if (look.chat.staff !== null) staff.push(look.chat.staff);
  const names =
    staff.length > 0
      ? await deps.attendants.firstNames(visit.office, [...new Set(staff)])
      : new Map<number, string>();
  return { ...look, visit, baseUrl: deps.baseUrl, names };
}

/** The lines as a list. */
export function Lines({ shown }: { shown: Shown }) {
  return (
    <ol class="messages talk">
      {shown.entries.map((each) => (
        <Line key={each.id} entry={each} shown={shown} />
      ))}
    </ol>
  );
}

function Line({ entry, shown }: { entry: ChatEntry; shown: Shown }) {
  const { t, dates } = shown.visit;
  const { side, what, at, number } = entry;
  const data = { 'data-number': number, 'data-id': entry.id };
  if (side === 'system')
    return (
      <li class="system" {...data}>
        <p class="soft">
          {what ? t(`chat.system.${what}`) : ''} <span class="figures">{dates.time(at)}</span>
        </p>
      </li>
    );
  return (
    <li class={side} data-checking={isChecking(entry) || undefined} {...data}>
      <p class="soft">
        <strong>{side === 'person' ? t('chat.you') : writer(entry, shown)}</strong>,{' '}
        <span class="figures">{dates.time(at)}</span>
      </p>
      {entry.file ? <FileLine entry={entry} shown={shown} /> : <Said entry={entry} shown={shown} />}
    </li>
  );
}

/** Who writes for the office: their first name, where the office shows names, and the office. */
function writer({ by }: ChatEntry, { visit, names }: Shown): string {
  const office = textIn(visit.office.name, visit.language);
  const name = names.get(staffIn(by) ?? 0);
  return name ? visit.t('chat.writer', { name, office }) : office;
}

function Said({ entry: { text, language }, shown }: { entry: ChatEntry; shown: Shown }) {
  return (
    <p class="said" dir="auto" lang={languageOfText(text, language)}>
      <WithOwnLinks text={text} base={shown.baseUrl} />
    </p>
  );
}

/** Returns whether a file is still to be checked. */
const isChecking = ({ file }: ChatEntry): boolean =>
  file?.state === 'checking' || file?.state === 'error';

function FileLine({ entry, shown }: { entry: ChatEntry; shown: Shown }) {
  const { t, to, secret } = shown.visit;
  const { file } = entry;
  if (!file) return null;
  const { id, name, state } = file;
  if (state === 'clean')
    return (
      <p class="said">
        <a href={to.chat(secret, `file/${id}`)} dir="auto">
          {name}
        </a>
      </p>
    );
  return (
    <p class="said">
      <span dir="auto">{name}</span>:{' '}
      {t(isChecking(entry) ? 'chat.file.checking' : 'chat.file.refused')}
    </p>
  );
}

/** Where the conversation stands, in a sentence: for a region of its own, apart from what is said. */
export function standing({ visit, chat, place, names }: Shown): string {
  const { t, office } = visit;
  if (chat.isForgotten) return t('chat.forgotten');
  if (chat.state === 'waiting' && place) return placeInWords(t, place);
  if (chat.state === 'waiting' || chat.state === 'offered') return t('chat.soon');
  if (chat.state === 'message') {
    if (!chat.personToldAt) return t('chat.message.waits');
    const day = visit.dates.longDay(messageEnd(chat, office.settings.chat.keepDays));
    return t('chat.message.ending', { day });
  }
  if (chat.state === 'left')
    return t(chat.endedWhy === 'gone' ? 'chat.over.gone' : 'chat.over.left');
  if (chat.state !== 'talking') return t('chat.over');
  const name = names.get(chat.staff ?? 0);
  const where = textIn(office.name, t.language);
  return name ? t('chat.with', { name, office: where }) : t('chat.with.office', { office: where });
}
