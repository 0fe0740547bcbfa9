import { expect, test } from 'vitest';
import { type CountryCode, callingCode, formatPhone, readPhone } from './phone.ts';

const read = (typed: string, country: CountryCode) => {
  const answer = readPhone(typed, country);
  return answer.ok ? answer.phone : answer.mistake;
};

/** Typed numbers and the numbers to dial, worked out by hand from each country's numbering plan. */
test.each<[country: CountryCode, typed: string, expected: string]>([
  // Spain: nine digits, mobiles with 6 or 7, landlines with 8 or 9.
  ['ES', '612345678', '+34612345678'],
  ['ES', '612 34 56 78', '+34612345678'],
  ['ES', ' 612-345-678 ', '+34612345678'],
  ['ES', '612.345.678', '+34612345678'],
  ['ES', '612·34·56·78', '+34612345678'],
  ['ES', '6 1 2 3 4 5 6 7 8', '+34612345678'],
  ['ES', '93 123 45 67', '+34931234567'],
  ['ES', '(93) 123 45 67', '+34931234567'],
  ['ES', '872 12 34 56', '+34872123456'],
  ['ES', '7 22 33 44 55', '+34722334455'],
  ['ES', '+34 612 345 678', '+34612345678'],
  ['ES', '(+34) 612 345 678', '+34612345678'],
  ['ES', '0034 612 345 678', '+34612345678'],
  ['ES', '00 34 612345678', '+34612345678'],
  ['ES', '34 612 345 678', '+34612345678'],
  ['ES', 'tel:+34612345678', '+34612345678'],
  ['ES', '\u202a+34 612 34 56 78\u202c', '+34612345678'],
  ['ES', '612\u00a034\u00a056\u00a078', '+34612345678'],
  ['ES', '900 123 456', '+34900123456'],
  // Other scripts' digits.
  ['ES', '٦١٢ ٣٤٥ ٦٧٨', '+34612345678'],
  ['ES', '۶۱۲۳۴۵۶۷۸', '+34612345678'],
  ['ES', '６１２３４５６７８', '+34612345678'],
  ['ES', '६१२३४५६७८', '+34612345678'],
  ['ES', '৬১২৩৪৫৬৭৮', '+34612345678'],
  // Words around it.
  ['ES', '612345678 (tarda)', '+34612345678'],
  ['ES', '612 345 678, només matins', '+34612345678'],
  ['ES', '612345678 de 16 a 18 h', '+34612345678'],
  ['ES', 'Mòbil: 612 345 678', '+34612345678'],
  // Abroad.
  ['ES', '+44 (0)20 7946 0958', '+442079460958'],
  ['ES', '0044 (0) 20 7946 0958', '+442079460958'],
  ['ES', '(+376) 712 345', '+376712345'],
  ['ES', '00376 712345', '+376712345'],
  ['ES', '00 33 6 12 34 56 78', '+33612345678'],
  ['ES', '+33 (0)6 12 34 56 78', '+33612345678'],
  ['ES', '+49 30/123456', '+4930123456'],
  ['ES', '+39 06 698 12345', '+390669812345'],
  ['ES', '+39 (0)6 698 12345', '+390669812345'],
  ['ES', '+1 (415) 555-2671', '+14155552671'],
  ['ES', '+212 6 12 34 56 78', '+212612345678'],
  ['ES', '+92 300 1234567', '+923001234567'],
  ['ES', '+86 138 0013 8000', '+8613800138000'],
  ['ES', '+800 1234 5678', '+80012345678'],
  // Andorra: six digits, mobiles with 3 or 6, landlines with 7 or 8.
  ['AD', '712 345', '+376712345'],
  ['AD', '312345', '+376312345'],
  ['AD', '+376 812 345', '+376812345'],
  ['AD', '+34 612 345 678', '+34612345678'],
  // France: ten with the zero, which foreigners leave out.
  ['FR', '06 12 34 56 78', '+33612345678'],
  ['FR', '01.23.45.67.89', '+33123456789'],
  ['FR', '+33 6 12 34 56 78', '+33612345678'],
  ['FR', '0034 612 345 678', '+34612345678'],
  ['DE', '030/123456', '+4930123456'],
])('in %s “%s” is %s', (country, typed, expected) => {
  expect(read(typed, country)).toBe(expected);
});

test.each<[country: CountryCode, typed: string, mistake: string]>([
  ['ES', '', 'not_phone'],
  ['ES', 'no en tinc', 'not_phone'],
  ['ES', '12', 'not_phone'],
  ['ES', '61234567', 'not_phone'],
  ['ES', '6123456789', 'not_phone'],
  ['ES', '61234567o', 'not_phone'],
  ['ES', '612 34 O6 78', 'not_phone'],
  ['ES', '612345678o', 'not_phone'],
  ['ES', '376712345', 'not_phone'], // Andorra's, without its plus sign
  ['AD', '612345678', 'not_phone'], // Spain's, likewise
  ['ES', '112', 'not_called'],
  ['ES', '010', 'not_called'],
  ['ES', '061', 'not_called'],
  ['ES', '11818', 'not_called'],
  ['ES', '806 123 456', 'not_called'],
  ['ES', '+34 803 123 456', 'not_called'],
  ['ES', '905 123 456', 'not_called'],
  ['ES', '902 123 456', 'not_called'],
  ['ES', '+33 899 12 34 56', 'not_called'],
  ['ES', '+44 909 8790 123', 'not_called'],
  ['ES', '+881 6 1234 5678', 'not_called'],
  ['ES', '+979 123 456 789', 'not_called'],
  ['FR', '0899 12 34 56', 'not_called'],
  ['AD', '912 345', 'not_called'],
  ['ES', '612345678 / 931234567', 'phone_extra'],
  ['ES', '612345678/931234567', 'phone_extra'],
  ['ES', '612345678 o 612345679', 'phone_extra'],
  ['ES', '93 123 45 67 ext. 12', 'phone_extra'],
  ['ES', '931234567,12', 'phone_extra'],
])('in %s “%s” is no number that we would call: %s', (country, typed, mistake) => {
  expect(read(typed, country)).toBe(mistake);
});

test('a number is said without its prefix where it is at home', () => {
  expect(formatPhone('+34612345678', 'ES')).toBe('612 34 56 78');
  expect(formatPhone('+34612345678', 'AD')).toBe('+34 612 34 56 78');
  expect(formatPhone('+376712345', 'AD')).toBe('712 345');
  expect(formatPhone('010', 'ES')).toBe('010');
  expect(callingCode('AD')).toBe('+376');
});
