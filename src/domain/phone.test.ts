import { expect, test } from 'vitest';
import { canReceiveSms } from './phone.ts';

// The Spanish ranges: CNMC, Plan Nacional de Numeración Telefónica. The foreign ones: the regulators' plans (Arcep, Ofcom, Bundesnetzagentur,
// Servei de Telecomunicacions d'Andorra, ANRT, ANCOM).
test.each([
  ['+34600000001', 'Spain, mobile', true],
  ['+34699999999', 'Spain, mobile', true],
  ['+34711234567', 'Spain, mobile', true],
  ['+34741234567', 'Spain, mobile', true],
  ['+34931234567', 'Barcelona', false],
  ['+34871234567', 'Balearic Islands', false],
  ['+34841234567', 'La Rioja', false],
  ['+34701234567', 'Spain, personal number', false],
  ['+34511234567', 'Spain, nomadic number', false],
  ['+34800123456', 'Spain, freephone', false],
  ['+34751234567', 'Spain, a range that is not given out', false],
  ['+33612345678', 'France, mobile', true],
  ['+33142345678', 'Paris', false],
  ['+447400123456', 'United Kingdom, mobile', true],
  ['+442079460000', 'London', false],
  ['+4915123456789', 'Germany, mobile', true],
  ['+4930123456', 'Berlin', false],
  ['+376312345', 'Andorra, mobile', true],
  ['+376812345', 'Andorra, landline', false],
  ['+212650123456', 'Morocco, mobile', true],
  ['+212520123456', 'Morocco, landline', false],
  ['+40712034567', 'Romania, mobile', true],
  ['+40211234567', 'Bucharest', false],
  ['+12015550123', 'United States: the plan can’t tell', true],
  ['+80012345678', 'international freephone', false],
  ['+34', 'no number', false],
  ['', 'nothing', false],
])('%s (%s) receives SMS: %s', (phone, _, is) => {
  expect(canReceiveSms(phone)).toBe(is);
});
