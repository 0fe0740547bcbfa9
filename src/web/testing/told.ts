import { randomUUID } from 'node:crypto';
import type { Context } from '../../context.ts';
import type { Office } from '../../domain/office/types.ts';
import { jpg } from '../../features/service/documents/checks/testing/files.ts';
import { requesterOf } from '../../features/service/requests/testing.ts';
import { newSecret } from '../../lib/secrets.ts';

/** Sends a request with a photo to an office, and another one that somebody follows. An office that takes none has secrets that open nothing. */
export async function toldTo({ requests, documents }: Context, office: Office) {
  const send = async () => {
    const begun = await requests.begin(office, { type: 'fanal', language: 'ca' });
    if (!begun) return null;
    const own = requesterOf(begun.id);
    const place = { point: { lat: 41.545, lon: 2.108 }, address: '', area: null };
    await requests.writePlace(own, office, begun.id, place);
    const text = { text: 'No va', answers: { 'que-passa': ['apagat'] } };
    await requests.writeText(own, office, begun.id, text);
    const person = { tellBy: 'page', isAnonymous: true, name: '', email: '', phone: '' };
    await requests.writeContact(own, office, begun.id, person);
    const photo = await requests.addPhoto(own, office, begun.id, jpg());
    const sent = await requests.send(own, office, begun.id);
    if (!photo.ok || !sent.ok) throw new Error('It could not be sent');
    await documents.pass();
    return { secret: begun.secret, photo: photo.photo, reference: sent.row.reference };
  };
  const told = await send();
  const other = await send();
  if (!told || !other) return { told: newSecret(), photo: randomUUID(), following: newSecret() };
  const by = { tellBy: 'page', email: '', phone: '', language: 'ca' } as const;
  const followed = await requests.follow(office, other.reference, by);
  if (!followed.ok || !followed.secret) throw new Error('Nobody follows it');
  return { told: told.secret, photo: told.photo, following: followed.secret };
}
