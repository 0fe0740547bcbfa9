import { randomBytes } from 'node:crypto';
import type { Office } from '../../../../domain/office/types.ts';
import type { Area } from '../../../../domain/requests/areas.ts';
import { requestRoute } from '../../../../domain/requests/routing.ts';
import { tidyText } from '../../../../domain/tidy-text.ts';
import { hashSecret } from '../../../../lib/secrets.ts';
import { referenceFrom } from '../../../booking/appointments/rules.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { requestSecret } from '../../../foundation/notices/service.ts';
import { insertOpening } from '../../../foundation/openings/service.ts';
import { declaredType, dueOf, type RequestsDeps } from '../keeping.ts';
import { checkAnswers, lackOf, type RawAnswers, REQUEST_LENGTH } from '../rules.ts';
import { insertRequest, insertRequestEvent, setSent } from '../store.ts';
import { tellRequest } from '../telling.ts';
import type { RequestRow } from '../types.ts';
import { readRequest } from '../views.ts';
import type { SendResult, WriteMistakes } from './types.ts';

/** Begins a request, with its link. */
export async function makeRequest(
  { key }: Pick<RequestsDeps, 'key'>,
  unit: Unit,
  office: Office,
  made: Pick<RequestRow, 'id' | 'type' | 'language' | 'door' | 'encounter'>,
): Promise<void> {
  const kind = declaredType(office, made.type)?.kind ?? 'question';
  const insert = (reference: string) => insertRequest(unit, { ...made, kind, reference });
  while (!(await insert(referenceFrom(randomBytes(6)))));
  const secret = hashSecret(requestSecret(key, { id: made.id, link: 0 }));
  await insertOpening(unit, { opens: 'request', subject: made.id }, secret);
  await unit.record('request_begun', { data: { request: made.id, type: made.type } });
}

/** Checks what a request says, and the answers to the questions of its type. */
export function checkText(
  office: Office,
  type: string,
  typed: { text: string; answers: RawAnswers },
) {
  const text = tidyText(typed.text);
  const checked = checkAnswers(declaredType(office, type)?.questions ?? [], typed.answers);
  const mistakes: Record<string, WriteMistakes[string]> = {};
  if (text === '') mistakes['text'] = 'missing';
  if (text.length > REQUEST_LENGTH) mistakes['text'] = 'too_long';
  if (!checked.ok)
    for (const [question, mistake] of Object.entries(checked.mistakes))
      mistakes[`q-${question}`] = mistake;
  return checked.ok && Object.keys(mistakes).length === 0
    ? ({ ok: true, value: { text, answers: checked.value } } as const)
    : ({ ok: false, mistakes } as const);
}

/** Sends a locked request that is being written. `person`: the identified person who sends it. */
export async function sendRequest(
  unit: Unit,
  on: { row: RequestRow; office: Office; areas: readonly Area[]; person?: string | null },
): Promise<SendResult> {
  const { row, office, areas, person = null } = on;
  const type = declaredType(office, row.type);
  if (!type) return { ok: false, reason: 'closed_type' };
  const lack = lackOf(type, row);
  if (lack) return { ok: false, reason: lack };
  const route = requestRoute(type, row, { areas, teams: office.settings.teams });
  const due = dueOf(office, { type: row.type, since: unit.now }, []);
  await setSent(unit, row.id, {
    team: route.team,
    area: route.area,
    due,
    person,
    isPublic: type.public,
    sentOn: unit.now.toZonedDateTimeISO(office.timeZone).toPlainDate(),
  });
  const data = { team: route.team };
  await insertRequestEvent(unit, row.id, { kind: 'sent', to: 'received', data });
  await unit.record('request_sent', { data: { request: row.id, type: row.type, ...data } });
  const sent = await readRequest(unit.tx, row.id);
  if (!sent) throw new Error('What was sent is there');
  await tellRequest(unit, sent, 'received');
  return { ok: true, row: sent };
}
