import { randomUUID } from 'node:crypto';
import { PERSON_FIELDS } from '../../../domain/person.ts';
import type { DeskLook } from '../../../features/service/chat/service.ts';
import { usualOutcome } from '../../../features/service/encounter/rules.ts';
import type { EncounterDraft } from '../../../features/service/encounter/types.ts';
import type { Form } from '../../form.ts';
import { checkPerson, readPerson } from '../fields.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { addressOf } from './answers.tsx';
import { personName } from './words.ts';

/** Where a conversation goes on at once. */
export const MOVES_NOW = ['phone', 'video'] as const;
type MoveNow = (typeof MOVES_NOW)[number];

/** `words`: what the person is told in the conversation. */
export type Moved =
  | { ok: true; to: string }
  | { ok: false; reason: 'gone' | 'number' | 'name' | 'no_desk' | 'procedure' };

/** Returns what the person wrote in a conversation, as the comment of an appointment or, of another longest length, as a request. */
export function writtenIn(
  { entries }: Pick<DeskLook, 'entries'>,
  longest: number = PERSON_FIELDS.comment.longest,
): string {
  const words = entries.filter(({ side, kind }) => side === 'person' && kind === 'words');
  return words
    .map(({ text }) => text)
    .join('\n')
    .slice(0, longest);
}

/**
 * Goes on with the person of a conversation by telephone or video now, in an encounter of its own, which has what they wrote. By video they are
 * sent the link of the call; the conversation ends in both cases.
 */
export async function moveNow(
  deps: StaffDeps,
  visit: DeskVisit,
  look: DeskLook,
  { form, to }: { form: Form; to: MoveNow },
): Promise<Moved> {
  const { t, viewer, office, base } = visit;
  const { chat } = look;
  const procedure = office.procedure(form.text('procedure'));
  if (!procedure || procedure.retired) return { ok: false, reason: 'procedure' };
  const typed = {
    ...readPerson(form),
    name: form.line('name') || personName(t, chat),
    comment: writtenIn(look),
  };
  const checked = checkPerson(visit, to, typed, { mayLackContact: to === 'video' });
  if (!checked.ok) return { ok: false, reason: checked.mistakes.phone ? 'number' : 'name' };
  const { language } = chat;
  const ask = { procedure: procedure.code, channel: to, language, noticeLanguage: language };
  const done = await deps.serving.serveUnbooked(
    viewer,
    office,
    { ...ask, ...checked.details },
    { key: chat.id, withForm: false },
  );
  if (!done.ok && done.reason !== 'repeated')
    return { ok: false, reason: done.reason === 'no_desk' ? 'no_desk' : 'procedure' };
  const appointment = done.ok ? done.appointment : done.appointment.id;
  if (to === 'video') await sendLink(deps, visit, look, appointment);
  await writeUp(deps, visit, look, procedure.code, 'to-follow');
  await deps.chatDesk.end(viewer, office, chat.id, to);
  return { ok: true, to: `${base}/appointment/${appointment}` };
}

/** Writes the link of a video call into a conversation. */
async function sendLink(
  { assistance, chatDesk }: StaffDeps,
  { viewer, office }: DeskVisit,
  { chat }: DeskLook,
  appointment: string,
): Promise<void> {
  const printed = await assistance.print(viewer, office, appointment);
  if (!printed) return;
  const text = `${printed.address}/room`;
  await chatDesk.write(viewer, office, chat.id, {
    key: randomUUID(),
    text,
    language: chat.language,
  });
}

/** Sends the person the form of a procedure, in which they go on while the conversation does. */
export async function sendForm(
  { chatDesk, config }: StaffDeps,
  { viewer, office }: DeskVisit,
  { chat }: DeskLook,
  procedure: string,
): Promise<Moved> {
  if (!office.procedure(procedure)) return { ok: false, reason: 'procedure' };
  const { language } = chat;
  const at = { office, baseUrl: config.baseUrl };
  const text = addressOf(at, { procedure, language, step: 'form' });
  const sent = await chatDesk.write(viewer, office, chat.id, { key: randomUUID(), text, language });
  return sent.ok ? { ok: true, to: '' } : { ok: false, reason: 'gone' };
}

/**
 * Writes down what was done in a conversation that goes on elsewhere: it was asked about a procedure. The rest is written where it goes on.
 * `wrapUp`: the code of the common ones that says so; an office without it has its first.
 */
async function writeUp(
  { chatWork, encounter }: StaffDeps,
  { viewer, office }: DeskVisit,
  { chat }: DeskLook,
  procedure: string,
  wrapUp: string,
): Promise<void> {
  const record = await chatWork.record(viewer, office, chat.id);
  const current = record?.encounter;
  if (!current || current.endedAt) return;
  const { outcomes, wrapUpCodes } = office.settings;
  const outcome = usualOutcome('query', outcomes);
  const draft: EncounterDraft = {
    items: [{ kind: 'query', procedure, query: null, label: '', outcome }],
    identity: 'none',
    identityNote: '',
    notes: '',
    wrapUp: (wrapUpCodes.find(({ code }) => code === wrapUp) ?? wrapUpCodes[0])?.code ?? null,
    points: [],
  };
  const of = { encounter: current.id };
  await encounter.close(viewer, office, of, current.version, draft, { anyway: true });
}
