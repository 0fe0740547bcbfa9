import { expect, test } from 'vitest';
import { type Claim, Ledger } from './ledger.ts';

/** Somebody with an hour at nine. */
function ledger(): Ledger {
  const made = new Ledger();
  made.book('ANNA', 540);
  return made;
}
const claim = (kind: string, more: Partial<Claim> = {}): Claim => ({
  kind,
  start: 540,
  by: null,
  ...more,
});
let nth = 0;
const told = (of: Ledger, some: Claim) => of.receive('ANNA', some, `${++nth}`);

test('a mail is true or false at the moment at which it arrives', () => {
  const of = ledger();
  told(of, claim('confirmation'));
  told(of, claim('soon'));
  of.cancel('ANNA', 'citizen', 'citizen');
  told(of, claim('cancellation', { by: 'citizen' }));
  expect(of.wrongs).toEqual([]);
  told(of, claim('soon'));
  told(of, claim('cancellation', { by: 'office' }));
  told(of, claim('noshow'));
  told(of, claim('survey'));
  told(of, claim('number'));
  told(of, claim('an offer of carpets'));
  expect(of.wrongs).toHaveLength(6);
});

test('the hour that a mail names is the one that stands', () => {
  const of = ledger();
  told(of, claim('confirmation', { start: 555 }));
  of.move('ANNA', 600, 'citizen');
  told(of, claim('change'));
  expect(of.wrongs).toHaveLength(2);
});

test('nobody is missed before the promised time is over', () => {
  const of = ledger();
  for (const minute of [540, 550, 560]) {
    of.pass(minute);
    of.call('ANNA', 'no_answer', 'staff:1');
  }
  of.pass(569);
  told(of, claim('noshow'));
  expect(of.wrongs).toHaveLength(1);
  of.pass(570);
  told(of, claim('noshow'));
  expect(of.wrongs).toHaveLength(1);
});

test('whoever was called less often than promised is missed when the next call is late', () => {
  const of = ledger();
  of.pass(565);
  of.call('ANNA', 'no_answer', 'staff:1');
  of.pass(579);
  expect(of.of('ANNA').standing).toBe('booked');
  of.pass(580);
  expect(of.of('ANNA').standing).toBe('missed');
});

test('two encounters at a desk that nobody asked for are wrong', () => {
  const of = ledger();
  of.book('BRU', 540);
  of.begin('ANNA', 'taula-1', 'staff:1', 'attempt');
  of.begin('BRU', 'taula-1', 'staff:1', 'attempt');
  of.begin('BRU', 'taula-2', 'staff:2', 'attempt');
  expect(of.wrongs).toHaveLength(2);
});

test('a mail that a crash sent twice counts once', () => {
  const of = ledger();
  of.receive('ANNA', claim('soon'), 'same');
  of.pass(600);
  of.receive('ANNA', claim('soon'), 'same');
  expect(of.wrongs).toEqual([]);
});

test('in the end each has one outcome, and believes it', () => {
  const of = ledger();
  of.finish();
  expect(of.wrongs).toHaveLength(3); // no outcome, believes nothing, and no hour
  const served = ledger();
  told(served, claim('confirmation'));
  served.begin('ANNA', 'taula-1', 'staff:1', 'attempt');
  served.close('ANNA', 'taula-1', 'Done', 'staff:1');
  served.finish();
  expect(served.wrongs).toHaveLength(1); // never told the end of it
  const whole = ledger();
  told(whole, claim('confirmation'));
  whole.begin('ANNA', 'taula-1', 'staff:1', 'attempt');
  whole.close('ANNA', 'taula-1', 'Done', 'staff:1');
  told(whole, claim('survey'));
  whole.finish();
  expect(whole.wrongs).toEqual([]);
});
