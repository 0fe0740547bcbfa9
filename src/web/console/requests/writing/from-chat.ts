import type { DeskLook } from '../../../../features/service/chat/service.ts';
import type { Chat } from '../../../../features/service/chat/types.ts';
import { REQUEST_LENGTH } from '../../../../features/service/requests/rules.ts';
import type { RequestRow } from '../../../../features/service/requests/types.ts';
import { translateTo } from '../../../../lib/i18n/translate.ts';
import { writtenIn } from '../../chats/moving.ts';
import type { DeskVisit, StaffDeps } from '../../visit.tsx';
import type { TypedRequest } from './new-fields.tsx';

/** Opens a conversation in writing that the viewer answers; null: they don't. */
export async function ownChat(
  { chatDesk }: StaffDeps,
  { viewer, office }: DeskVisit,
  id: string,
): Promise<DeskLook | null> {
  const look = await chatDesk.look(viewer, office, id, 0);
  return look?.isOwn ? look : null;
}

/** Begins a request with the person of a conversation and what they wrote; null: the viewer doesn't answer it. */
export async function fromChat(
  deps: StaffDeps,
  visit: DeskVisit,
  empty: TypedRequest,
): Promise<TypedRequest | null> {
  const look = await ownChat(deps, visit, empty.chat);
  if (!look) return null;
  const { chat, contact } = look;
  return {
    ...empty,
    appointment: '',
    door: 'chat',
    language: chat.language,
    text: writtenIn(look, REQUEST_LENGTH),
    name: chat.name,
    email: contact?.email ?? '',
    phone: contact?.phone ?? '',
    tellBy: contact?.email ? 'email' : contact?.phone ? 'sms' : '',
  };
}

/** Tells the person of a conversation, in it, that their request was sent, and its reference. Its link goes only where they want to hear of it. */
export async function tellInChat(
  { chatWork }: StaffDeps,
  { viewer, office }: DeskVisit,
  { id, language }: Pick<Chat, 'id' | 'language'>,
  { id: request, reference }: Pick<RequestRow, 'id' | 'reference'>,
): Promise<void> {
  const text = translateTo(language)('chatDesk.move.request.told', { reference });
  await chatWork.goOnAsRequest(viewer, office, id, { request, text });
}
