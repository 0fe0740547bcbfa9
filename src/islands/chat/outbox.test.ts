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
  const outbox = new Outbox([line('a')], send, () => {});
  expect(await outbox.add(line('b'))).toEqual({ as: 'away' });
  expect(outbox.lines.map(({ key }) => key)).toEqual(['a', 'b']);
  isAway = false;
  await Promise.all([outbox.flush(), outbox.flush()]);
  expect(got).toEqual(['a', 'b']);
  expect(outbox.lines).toEqual([]);
});

test('a line that is refused is not tried again, and says why', async () => {
  const outbox = new Outbox(
    [],
    async () => ({ as: 'refused', reason: 'over' }),
    () => {},
  );
  expect(await outbox.add(line('a'))).toEqual({ as: 'refused', reason: 'over' });
  expect(outbox.lines).toEqual([]);
});

test('what was kept is read again, and nothing else is', () => {
  const kept = { unsent: [line('a')], typing: 'Hola' };
  expect(readKept(JSON.stringify(kept))).toEqual(kept);
  for (const odd of [null, '', '{', '3', '{"unsent":[1,{"key":2}],"typing":{}}'])
    expect(readKept(odd)).toEqual({ unsent: [], typing: '' });
});
