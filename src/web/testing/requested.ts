import type { Office } from '../../domain/office/types.ts';
import { settingsOf } from '../../features/service/requests/service.ts';
import { requesterOf } from '../../features/service/requests/testing.ts';
import { PIXEL } from '../../formats/town-file/testing.ts';
import { within } from '../../lib/db/database.ts';
import type { Instance } from './instance.ts';

/** Sends a request with a photo, which every agent of the office sees: the team that it came to is not declared any more. */
export async function sentRequestOf(
  { context, database }: Instance,
  office: Office,
): Promise<{ sentRequest: string; requestPhoto: string }> {
  const { requests, documents } = context;
  const type = settingsOf(office)?.types.find(
    ({ photos, place }) => photos > 0 && place === 'none',
  );
  const begun = await requests.begin(office, { type: type?.code ?? '', language: 'ca' });
  if (!begun) throw new Error(`${office.code} takes no such request`);
  const { id } = begun;
  const own = requesterOf(id);
  await requests.writeText(own, office, id, { text: 'Vaig esperar una hora', answers: {} });
  const email = `rosa@${office.code}.example`;
  const contact = { tellBy: 'email', isAnonymous: false, name: 'Rosa Soler', email, phone: '' };
  await requests.writeContact(own, office, id, contact);
  const added = await requests.addPhoto(own, office, id, PIXEL);
  if (!added.ok) throw new Error(added.reason);
  const sent = await requests.send(own, office, id);
  if (!sent.ok) throw new Error(sent.reason);
  await documents.pass();
  await within(database.kysely, office.id, (tx) =>
    tx.updateTable('request').set({ team: 'former' }).where('id', '=', id).execute(),
  );
  return { sentRequest: id, requestPhoto: added.photo };
}
