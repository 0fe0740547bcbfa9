import type { RoomPage } from '../page.ts';
import type { Words } from '../words.ts';

/** Says who is in the call, the reader too, as soon as there are more than two: the picture of one person says it by itself. */
export function People({ page, words }: { page: RoomPage; words: Words }) {
  const { pairs } = page;
  if (pairs.length < 2) return null;
  const names = pairs.map(({ person: { side, name } }) => {
    if (name === '') return words(`them.${side}`);
    return side === 'colleague' ? words('people.colleague', { name }) : name;
  });
  const all = [...names, words('people.you')].join(', ');
  return <p class="small room-people">{words('people', { names: all })}</p>;
}

/**
 * Says which colleague of the agent is about to come in, and that another agent has the call from now on. An office may give no names of
 * its people.
 */
export function changesOfPeople(
  { coming, handed, side }: Pick<RoomPage, 'coming' | 'handed' | 'side'>,
  words: Words,
): string[] {
  const staff = side === 'citizen' || side === 'companion' ? '' : '.staff';
  const named = handed && handed.to !== '' ? { ...handed } : null;
  return [
    ...(handed ? [words(named ? `handed${staff}` : `handed.unnamed${staff}`, named ?? {})] : []),
    ...coming.map((name) => (name ? words('coming', { name }) : words('coming.unnamed'))),
  ];
}
