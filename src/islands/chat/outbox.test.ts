import { expect, test } from 'vitest';
import { Outbox, readKept, type Sent, type Unsent } from './outbox.ts';

const line = (key: string): Unsent => ({ key, text: key });

test('sends in order, stops where there is no connection, and sends each once afterwards', async () => {
  const got: string[] = [];
  let isAway = true;
  const send = async ({ key }: Unsent): Promise<Sent> => {
    if (isAway) return { as: 'away' };
    got.push(key);
    return { as: 'kept' };
  };
  const outbox = new Outbox({ unsent: [line('a')], refused: [] }, send, () => {});
  expect(await outbox.add(line('b'))).toEqual({ as: 'away' });
  expect(outbox.lines.map(({ key }) => key)).toEqual(['a', 'b']);
  isAway = false;
  await Promise.all([outbox.flush(), outbox.flush()]);
  expect(got).toEqual(['a', 'b']);
  expect(outbox.lines).toEqual([]);
});

test('a line that is refused is not tried again, and says why', async () => {
  const outbox = new Outbox(
    { unsent: [], refused: [line('z')] },
    async () => ({ as: 'refused', reason: 'over' }),
    () => {},
  );
  expect(await outbox.add(line('a'))).toEqual({ as: 'refused', reason: 'over' });
  expect(outbox.lines).toEqual([]);
  // Its words are not lost.
  expect(outbox.refused).toEqual([line('z'), line('a')]);
});

test('a line that comes too soon is sent later', async () => {
  const answers: Sent[] = [{ as: 'many' }, { as: 'kept' }];
  const outbox = new Outbox(
    { unsent: [], refused: [] },
    async () => answers.shift()!,
    () => {},
  );
  expect(await outbox.add(line('a'))).toEqual({ as: 'many' });
  expect(outbox.lines).toEqual([line('a')]);
  expect(await outbox.flush()).toEqual({ as: 'kept' });
});

test('what was kept is read again, and nothing else is', () => {
  const kept = { unsent: [line('a')], refused: [line('b')], typing: 'Hola' };
  expect(readKept(JSON.stringify(kept))).toEqual(kept);
  for (const odd of [null, '', '{', '3', '{"unsent":[1,{"key":2}],"typing":{}}'])
    expect(readKept(odd)).toEqual({ unsent: [], refused: [], typing: '' });
});
